import { median } from '../fixtures/in-turns.ts'
import type { Measured } from '../peers/usb/guest/bench.ts'
import { guestImage } from '../peers/usb/guest-image.ts'
import { runGuest } from '../peers/usb/guest-run.ts'

/**
 * 256 KiB into emulated DFU devices on a real Linux USB bus, in an emulated machine: our driver against `dfu-util`, in
 * turns on fresh devices of the same kind, both as a person waits for them. Ours reads back whatever lets itself be read;
 * dfu-util has to be called again for that, and compares nothing. `dfu.ts ROUNDS` measures more or less.
 */
const ROUNDS = Number(process.argv[2] ?? 3)
const LIMIT_MS = 900_000

const { results, exitCode, console: log } = await runGuest(await guestImage(), ['bench', String(ROUNDS)], LIMIT_MS)
if (exitCode !== 0) throw new Error(`the guest failed:\n${log.slice(-4000)}`)
/** Besides the waits that the device asks of everybody, a request is what takes time: across the bus, and to be made. */
const told = (ms: number, rounds: readonly Measured[], who: 'ours' | 'theirs') => {
  const [first] = rounds
  const requests = first?.[who].requests ?? 0
  return `${Math.round(ms)} ms (${requests} requests of ${((ms - (first?.waits ?? 0)) / requests).toFixed(1)} ms)`
}
const measured = results as readonly Measured[]
const ratios = [...new Set(measured.map(({ kind, what }) => `${kind}, ${what}`))].map((name) => {
  const here = measured.filter(({ kind, what }) => `${kind}, ${what}` === name)
  const [ours, theirs] = [median(here.map((one) => one.ours.ms)), median(here.map((one) => one.theirs.ms))]
  console.log(`${name}: ours ${told(ours, here, 'ours')}, dfu-util ${told(theirs, here, 'theirs')}`)
  return ours / theirs
})
console.log(`dfu ratio=${Math.max(...ratios).toFixed(2)}`)
