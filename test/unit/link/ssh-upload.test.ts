import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { FileSource, SshLink } from '../../../electron/host/link/link.ts'
import { sshOpener } from '../../../electron/host/link/ssh.ts'
import { AppError } from '../../../shared/errors.ts'
import { seeded } from '../../fixtures/seeded.ts'
import { type FakeDeviceOptions, startFakeDevice } from '../../fixtures/ssh/fake-device.ts'
import { sourceOf, watcher } from '../../fixtures/ssh/upload.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'

const never = new AbortController().signal
const code = (expected: string, detail: object = {}) =>
  expect.objectContaining({ code: expected, detail: expect.objectContaining(detail) })
const SIZE = 700_001
const BYTES = seeded(7).bytes(SIZE)

async function device(options: FakeDeviceOptions = {}) {
  const fake = await startFakeDevice(options)
  onTestFinished(() => fake.close())
  const folder = tempDir()
  const ssh = { hostKeys: [fake.hostKey.fingerprint], login: null }
  const open = async () => {
    const link = (await sshOpener().open(fake.address, { ssh }, never)) as SshLink
    onTestFinished(() => link.close())
    return link
  }
  return { fake, folder, target: join(folder, 'new image.raucb'), part: join(folder, '.new image.raucb.part'), open }
}

test('a file arrives whole, under its own name only once it is durable', async () => {
  const { fake, folder, target, part, open } = await device()
  writeFileSync(target, 'the old one')
  const watch = watcher()
  expect(await (await open()).upload(target, sourceOf(BYTES), watch, never)).toEqual({ held: 0 })
  expect(readFileSync(target).equals(BYTES)).toBe(true)
  expect(await readdir(folder)).toEqual(['new image.raucb'])
  expect(watch.told.at(-1)).toBe(SIZE)
  expect(watch.told).toEqual([...watch.told].sort((a, b) => a - b))
  // The server knows neither fsync nor statvfs: programs on the device stand in.
  expect(fake.commands.filter((line) => line.startsWith('sync'))).toEqual([`sync '${part}'`])
  expect(fake.commands.some((line) => line.startsWith('df -Pk'))).toBe(true)
})

test('an upload that was cut goes on behind what the device holds, once that is proved the same', async () => {
  let isCut = false
  const { fake, target, part, open } = await device({
    onWrite: (written) => {
      if (isCut || written < SIZE / 2) return undefined
      isCut = true
      return 'cut'
    },
  })
  await expect((await open()).upload(target, sourceOf(BYTES), watcher(), never)).rejects.toEqual(code('link.lost'))
  const left = statSync(part).size
  expect(left).toBeGreaterThan(SIZE / 3)
  fake.writes.length = 0
  const watch = watcher()
  expect(await (await open()).upload(target, sourceOf(BYTES), watch, never)).toEqual({ held: left })
  expect(Math.min(...fake.writes)).toBe(left)
  expect(watch.told[0]).toBe(left)
  expect(readFileSync(target).equals(BYTES)).toBe(true)
})

test.each([
  ['other bytes', seeded(8).bytes(SIZE / 2)],
  ['more than the file has', seeded(8).bytes(SIZE + 5)],
])('what lies there and is %s counts for nothing', async (_, left) => {
  const { fake, target, part, open } = await device()
  writeFileSync(part, left)
  expect(await (await open()).upload(target, sourceOf(BYTES), watcher(), never)).toEqual({ held: 0 })
  expect(Math.min(...fake.writes)).toBe(0)
  expect(readFileSync(target).equals(BYTES)).toBe(true)
})

test('a file that is there already is not sent again', async () => {
  const { fake, target, open } = await device()
  writeFileSync(target, BYTES)
  const watch = watcher()
  expect(await (await open()).upload(target, sourceOf(BYTES), watch, never)).toEqual({ held: SIZE })
  expect([fake.writes, watch.told]).toEqual([[], [SIZE]])
})

const df = (free: number) => (line: string) =>
  line.startsWith('df ')
    ? `Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/root 99999 1 ${free} 5% /var\n`
    : null

function answering(reply: (line: string) => string | null): NonNullable<FakeDeviceOptions['onCommand']> {
  return (line, channel) => {
    const said = reply(line)
    if (said === null) return false
    channel.write(said)
    channel.exit(0)
    channel.end()
    return true
  }
}

test('too little room is told before a byte is sent; what lies there already needs none', async () => {
  const { fake, target, part, open } = await device({ onCommand: answering(df(400)) })
  const link = await open()
  await expect(link.upload(target, sourceOf(BYTES), watcher(), never)).rejects.toEqual(
    code('device.no-space', { needed: SIZE, free: 400 * 1024 }),
  )
  expect(fake.writes).toEqual([])
  writeFileSync(part, BYTES.subarray(0, SIZE / 2))
  await expect(link.upload(target, sourceOf(BYTES), watcher(), never)).resolves.toEqual({ held: Math.floor(SIZE / 2) })
})

test.each([
  ['a write that just fails', 100_000, code('device.write-failed', { said: 'Failure' })],
  ['a disk that has filled up', 0, code('device.no-space', { free: 0 })],
])('SFTP has one word for %s and everything else: the device is asked which', async (_, freeLater, expected) => {
  let free = 100_000
  const { target, open } = await device({
    onWrite: (written) => {
      if (written < SIZE / 2) return undefined
      free = freeLater
      return 'fail'
    },
    onCommand: answering((line) => df(free)(line)),
  })
  await expect((await open()).upload(target, sourceOf(BYTES), watcher(), never)).rejects.toEqual(expected)
})

test('what the watch throws stops the upload; a stopped upload can go on later', async () => {
  const { target, open } = await device()
  const link = await open()
  const stop = new AppError('condition.changed-while-writing')
  const whole = sourceOf(BYTES)
  let reads = 0
  const slow: FileSource = {
    ...whole,
    async read(offset, length) {
      // Longer than the pulse: the watch has its turn before the next piece.
      if (++reads === 3) await new Promise((resolve) => setTimeout(resolve, 600))
      return whole.read(offset, length)
    },
  }
  const watch = watcher(async () => {
    throw stop
  })
  await expect(link.upload(target, slow, watch, never)).rejects.toBe(stop)
  const { held } = await link.upload(target, sourceOf(BYTES), watcher(), never)
  expect(held).toBeGreaterThan(0)
  expect(readFileSync(target).equals(BYTES)).toBe(true)
})

test.each(['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr'] as const)(
  'keys that are changed in the middle of an upload (%s)',
  async (cipher) => {
    let times = 0
    const { target, open } = await device({
      cipher,
      onWrite: (written) => (written > (times + 1) * 100_000 && ++times < 4 ? 'rekey' : undefined),
    })
    expect(await (await open()).upload(target, sourceOf(BYTES), watcher(), never)).toEqual({ held: 0 })
    expect(times).toBeGreaterThan(2)
    expect(readFileSync(target).equals(BYTES)).toBe(true)
  },
)

test('a device without SFTP says so', async () => {
  const { target, open } = await device({ sftp: false })
  await expect((await open()).upload(target, sourceOf(BYTES), watcher(), never)).rejects.toEqual(
    code('link.unsupported', { what: 'sftp' }),
  )
})
