import { expect, type TestContext, test } from 'vitest'
import { needsAll } from '../fixtures/needs.ts'
import { guestImage } from './usb/guest-image.ts'
import { runGuest } from './usb/guest-run.ts'

/** Longest that the guest may take, boot included, ms. It runs in software emulation. */
const LIMIT_MS = 330_000

interface Result {
  readonly name: string
  readonly ok: boolean
  readonly ms: number
  readonly error?: string
}

const needsGuest = (context: TestContext) =>
  needsAll(
    context,
    ['qemu-system-x86_64', 'dfu-util', 'cpio', 'rb', 'fastboot'],
    'apt install qemu-system-x86 dfu-util cpio lrzsz fastboot',
  )

test('a real Linux USB bus: our drivers, hot-plug, serial ports, and dfu-util and fastboot as the judges of the emulated devices', {
  timeout: LIMIT_MS + 60_000,
}, async (context) => {
  needsGuest(context)
  const { results, exitCode, console: log } = await runGuest(await guestImage(), ['scenarios'], LIMIT_MS)
  const told = results as readonly Result[]
  for (const { name, ok, ms } of told) console.log(`${ok ? 'ok' : 'FAILED'} ${name} (${ms} ms)`)
  expect(exitCode, log.slice(-4000)).toBe(0)
  expect(told.filter(({ ok }) => !ok)).toEqual([])
  expect(told.length).toBeGreaterThanOrEqual(16)
})
