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
const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
const measured = results as readonly Measured[]
const ratios = [...new Set(measured.map(({ kind, what }) => `${kind}, ${what}`))].map((name) => {
  const here = measured.filter(({ kind, what }) => `${kind}, ${what}` === name)
  const [ours, theirs] = [median(here.map((one) => one.ours)), median(here.map((one) => one.theirs))]
  console.log(
    `${name}: ours ${Math.round(ours)} ms, dfu-util ${Math.round(theirs)} ms, ratio ${(ours / theirs).toFixed(2)}`,
  )
  return ours / theirs
})
console.log(`dfu ratio=${Math.max(...ratios).toFixed(2)}`)
