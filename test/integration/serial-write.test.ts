import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { ByteLink } from '../../electron/host/link/link.ts'
import { serialOpener } from '../../electron/host/link/serial.ts'
import { openPtyPair } from '../../electron/sim/pty.ts'

const never = new AbortController().signal
const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanUps.splice(0).toReversed()) await clean()
})

async function ends(): Promise<readonly [ByteLink, ByteLink]> {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-serial-'))
  cleanUps.push(() => rmSync(dir, { recursive: true, force: true }))
  const pair = await openPtyPair(dir, 'a')
  cleanUps.push(() => pair.close())
  const open = async (path: string) => {
    const link = await serialOpener().open(`serial:${path}`, {}, never)
    cleanUps.push(() => link.close())
    if (link.kind !== 'serial') throw new Error('a serial link')
    return link
  }
  return [await open(pair.host), await open(pair.device)]
}

test('more than the port takes at once arrives whole and in order, whatever was asked for meanwhile', async () => {
  const [near, far] = await ends()
  // Much more than a terminal holds: part of it goes at once, the rest when there is room.
  const parts = [100_000, 3, 60_000, 1, 5000].map((size, nth) =>
    Uint8Array.from({ length: size }, (_, at) => (at * 7 + nth) & 0xff),
  )
  const written = Promise.all(parts.map((part) => near.write(part, never)))
  const wanted = Buffer.concat(parts)
  const got: Uint8Array[] = []
  for (let count = 0; count < wanted.length; ) {
    const bytes = await far.read(never)
    got.push(bytes)
    count += bytes.length
  }
  await written
  expect(Buffer.concat(got).equals(wanted)).toBe(true)
})

test('what a port takes at once is with the device when the write resolves, and one that was closed takes nothing', async () => {
  const [near, far] = await ends()
  await near.write(Uint8Array.of(1, 2, 3), never)
  expect([...(await far.read(never))]).toEqual([1, 2, 3])
  await near.close()
  await expect(near.write(Uint8Array.of(4), never)).rejects.toMatchObject({ code: 'link.lost' })
})
