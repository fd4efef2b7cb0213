import type { Measured } from '../peers/usb/guest/bench.ts'
import { guestImage } from '../peers/usb/guest-image.ts'
import { runGuest } from '../peers/usb/guest-run.ts'

/**
 * 256 KiB into emulated DFU devices on a real Linux USB bus, in an emulated machine: our driver against `dfu-util`, in
 * turns on fresh devices. The ratio is that of what a person waits for; ours reads everything back, dfu-util does not.
 */
const ROUNDS = 3
const LIMIT_MS = 600_000

const { results, exitCode, console: log } = await runGuest(await guestImage(), ['bench', String(ROUNDS)], LIMIT_MS)
if (exitCode !== 0) throw new Error(`the guest failed:\n${log.slice(-4000)}`)
const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
const measured = results as readonly Measured[]
const ratios = [...new Set(measured.map(({ kind }) => kind))].map((kind) => {
  const of = (by: Measured['by'], what: 'allMs' | 'dataMs') =>
    median(measured.filter((one) => one.kind === kind && one.by === by).map((one) => one[what]))
  const whole = of('ours', 'allMs') / of('dfu-util', 'allMs')
  for (const by of ['ours', 'dfu-util'] as const) {
    console.log(`${kind}, ${by}: ${Math.round(of(by, 'allMs'))} ms in all, ${Math.round(of(by, 'dataMs'))} ms of data`)
  }
  console.log(
    `${kind}: ratio ${whole.toFixed(2)}, data alone ${(of('ours', 'dataMs') / of('dfu-util', 'dataMs')).toFixed(2)}`,
  )
  return whole
})
console.log(`dfu ratio=${Math.max(...ratios).toFixed(2)}`)
