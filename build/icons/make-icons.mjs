/**
 * Draws icon.png, icon.ico and icon.icns from icon.svg: `node build/icons/make-icons.mjs`, after the
 * drawing has changed. Both containers hold PNGs as they are.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { findBrowser } from '../launcher/browsers.ts'

const here = new URL('.', import.meta.url)
const svg = readFileSync(new URL('icon.svg', here), 'utf8')
/** Apple's names for the sizes of an .icns, pixels (Apple Icon Image format). */
const ICNS = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
  ['ic10', 1024],
]
const ICO = [16, 24, 32, 48, 64, 128, 256]

const browser = await chromium.launch({ executablePath: findBrowser() ?? undefined })
const page = await browser.newPage()

async function draw(size) {
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(
    `<style>html,body{margin:0;background:transparent}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`,
  )
  return page.screenshot({ omitBackground: true, clip: { x: 0, y: 0, width: size, height: size } })
}

/** ICONDIR, one ICONDIRENTRY an image, then the images. */
function ico(images) {
  const header = Buffer.alloc(6 + 16 * images.length)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(images.length, 4)
  let offset = header.length
  for (const [index, { size, png }] of images.entries()) {
    const at = 6 + 16 * index
    // One byte a side: 256 is written as 0.
    header.writeUInt8(size % 256, at)
    header.writeUInt8(size % 256, at + 1)
    header.writeUInt16LE(1, at + 4)
    header.writeUInt16LE(32, at + 6)
    header.writeUInt32LE(png.length, at + 8)
    header.writeUInt32LE(offset, at + 12)
    offset += png.length
  }
  return Buffer.concat([header, ...images.map(({ png }) => png)])
}

/** 'icns', total length, then name, length and bytes of each image. */
function icns(images) {
  const parts = images.map(({ name, png }) => {
    const head = Buffer.alloc(8)
    head.write(name, 'latin1')
    head.writeUInt32BE(png.length + 8, 4)
    return Buffer.concat([head, png])
  })
  const head = Buffer.alloc(8)
  head.write('icns', 'latin1')
  head.writeUInt32BE(8 + parts.reduce((sum, part) => sum + part.length, 0), 4)
  return Buffer.concat([head, ...parts])
}

const inOrder = async (list, make) => {
  const made = []
  for (const item of list) made.push(await make(item))
  return made
}
writeFileSync(new URL('icon.png', here), await draw(512))
writeFileSync(new URL('icon.ico', here), ico(await inOrder(ICO, async (size) => ({ size, png: await draw(size) }))))
writeFileSync(
  new URL('icon.icns', here),
  icns(await inOrder(ICNS, async ([name, size]) => ({ name, png: await draw(size) }))),
)
await browser.close()
