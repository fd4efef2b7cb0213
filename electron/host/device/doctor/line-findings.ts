import type { Finding } from '../../../../shared/contract/doctor.ts'
import type { DoctorFacts } from './facts.ts'
import { finding } from './finding.ts'
import { lineNoise } from './line-noise.ts'

/** Fewer bytes say nothing about a line. */
const ENOUGH_BYTES = 16
/** Share of bytes that no console prints from which a line is read at the wrong speed. */
const GARBAGE = 0.25
/** Once can be a hand at the plug. */
const OFTEN = 3
/** Share of damaged frames that a good cable does not reach. */
const DAMAGED = 0.005

/** What went over the line so far, and what that says about cable, speed and company. */
export function lineFindings({ line, address, answer }: DoctorFacts): Finding[] {
  if (!line || address === null) return []
  const { framesGood, framesBad, lost, stalls, timeouts } = line
  const frames = framesGood + framesBad
  const found: Finding[] = []
  if (framesBad >= OFTEN && framesBad / frames >= DAMAGED) {
    found.push(finding('damaged-frames', 'fault', { bad: framesBad, frames }))
  }
  if (lost >= OFTEN) found.push(finding('breaks-off', 'fault', { times: lost }))
  if (stalls >= OFTEN) found.push(finding('usb-stalls', 'notice', { times: stalls }))
  if (timeouts >= OFTEN) found.push(finding('usb-timeouts', 'fault', { times: timeouts }))
  if (answer?.state === 'device' || !address.startsWith('serial:')) return found
  const { bytes, garbage, text } = lineNoise(line.sample)
  if (bytes >= ENOUGH_BYTES && garbage >= GARBAGE) {
    found.push(finding('wrong-speed', 'fault', { baud: line.baud, percent: Math.round(garbage * 100) }))
  } else if (bytes >= ENOUGH_BYTES && text !== '') {
    found.push(finding('other-talk', 'fault', { said: text }))
  } else if (line.bytesOut > 0 && line.sample.length === 0) {
    found.push(finding('nothing-heard', 'fault', { baud: line.baud }))
  }
  return found
}
