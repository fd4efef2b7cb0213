import { describe, expect, test } from 'vitest'
import { createFormats } from '../../../renderer/text/format.ts'

const NOW = Date.parse('2026-11-20T10:00:00Z')
const en = createFormats('en', { now: () => NOW, zone: 'Europe/Berlin' })
const de = createFormats('de', { now: () => NOW, zone: 'Europe/Berlin' })
/** Numbers and units are kept together by a no-break space; tests read better without it. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ').replaceAll('\u202f', ' ')

describe('sizes', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [9940, '9.9 kB'],
    [62_000, '62 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [1_900_000, '1.9 MB'],
    [999_949_999, '999.9 MB'],
    [999_950_000, '1.0 GB'],
    [12_345_000_000, '12.3 GB'],
  ])('%d bytes read %s', (bytes, text) => {
    expect(plain(en.bytes(bytes))).toBe(text)
  })

  test('both sides of a progress share the unit of the whole', () => {
    expect(en.bytesOf(1_200_000, 1_900_000).map(plain)).toEqual(['1.2', '1.9 MB'])
    expect(en.bytesOf(12_000, 1_900_000).map(plain)).toEqual(['0.0', '1.9 MB'])
  })

  test('decimal signs follow the language', () => {
    expect(plain(de.bytes(1_900_000))).toBe('1,9 MB')
    expect(plain(de.rate(62_000))).toBe('62 kB/s')
  })
})

describe('lengths of time', () => {
  test.each([
    [0, '0.0 s'],
    [849, '0.8 s'],
    [12_000, '12 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [7_199_999, '1 h'],
    [86_400_000, '24 h'],
    [172_800_000, '2 d'],
    [38.9 * 86_400_000, '38 d'],
    [-5, '0.0 s'],
  ])('%d ms reads %s', (ms, text) => {
    expect(plain(en.duration(ms))).toBe(text)
  })

  test.each([
    [0, '00:00'],
    [72_900, '01:12'],
    [3_723_000, '1:02:03'],
  ])('%d ms on a running clock reads %s', (ms, text) => {
    expect(en.elapsed(ms)).toBe(text)
  })
})

describe('dates', () => {
  test('show their zone, and their year only when it is another one', () => {
    expect(plain(en.datetime(Date.parse('2026-11-14T08:12:00Z')))).toBe('14 Nov 09:12 CET')
    expect(plain(en.datetime(Date.parse('2027-02-01T00:00:00Z')))).toBe('1 Feb 2027 01:00 CET')
    expect(plain(en.day(Date.parse('2026-11-12T08:12:00Z')))).toBe('12 Nov')
  })
})

test('a percentage says 100 only when everything is done', () => {
  expect(plain(en.percent(0.999))).toBe('99 %')
  expect(plain(en.percent(1))).toBe('100 %')
  expect(plain(en.percent(1.2))).toBe('100 %')
})
