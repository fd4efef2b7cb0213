import type { SignalRow } from '../../../shared/contract/devices.ts'
import { readingText } from '../../parts/reading.ts'
import type { Words } from '../../words.tsx'

/** The thresholds of a signal in words: `warning above 70 °C`. */
export function limitTexts(row: Pick<SignalRow, 'limits' | 'unit'>, { say, formats }: Words): string[] {
  const texts: string[] = []
  const { warn, alarm } = row.limits
  const value = (number: number) => readingText(number, row.unit, formats)
  if (warn?.below !== undefined) texts.push(say('device.warnBelow', { value: value(warn.below) }))
  if (warn?.above !== undefined) texts.push(say('device.warnAbove', { value: value(warn.above) }))
  if (alarm?.below !== undefined) texts.push(say('device.alarmBelow', { value: value(alarm.below) }))
  if (alarm?.above !== undefined) texts.push(say('device.alarmAbove', { value: value(alarm.above) }))
  return texts
}
