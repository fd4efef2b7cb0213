import { describe, expect, it } from 'vitest'
import { outsideWindow } from '../../../electron/host/run/window.ts'

const oslo = { format: 'slipway.site/1' as const, id: 'quay-4', title: 'Quay 4', zone: 'Europe/Oslo', devices: [] }
const window = (from: string, to: string, zone = 'site') => ({ from, to, zone })
const at = (text: string) => Date.parse(text)

describe('local hours', () => {
  it.each([
    ['2026-11-20T05:00:00Z', '06:00', '18:00', true],
    ['2026-11-20T04:59:59Z', '06:00', '18:00', false],
    ['2026-11-20T16:59:59Z', '06:00', '18:00', true],
    ['2026-11-20T17:00:00Z', '06:00', '18:00', false],
    ['2026-07-20T04:00:00Z', '06:00', '18:00', true],
    ['2026-07-20T16:00:00Z', '06:00', '18:00', false],
    ['2026-11-20T22:30:00Z', '22:00', '04:00', true],
    ['2026-11-21T02:30:00Z', '22:00', '04:00', true],
    ['2026-11-20T12:00:00Z', '22:00', '04:00', false],
    // Clocks go forward on 29 March 2026 at 02:00 in Oslo: 02:30 does not exist that night.
    ['2026-03-29T00:59:00Z', '02:00', '03:00', false],
    ['2026-03-29T01:00:00Z', '02:00', '03:00', false],
    // And back on 25 October 2026 at 03:00: the hour from 02:00 comes twice.
    ['2026-10-25T00:30:00Z', '02:00', '03:00', true],
    ['2026-10-25T01:30:00Z', '02:00', '03:00', true],
    ['2026-10-25T02:00:00Z', '02:00', '03:00', false],
  ])('%s in %s to %s: %s', (now, from, to, inside) => {
    expect(outsideWindow(window(from, to), oslo, at(now)) === null).toBe(inside)
  })
})

it('says when it opens again', () => {
  expect(outsideWindow(window('06:00', '18:00'), oslo, at('2026-11-20T19:12:30Z'))).toMatchObject({
    code: 'plan.outside-window',
    detail: { from: '06:00', to: '18:00', zone: 'Europe/Oslo', local: '20:12', opensAt: at('2026-11-21T05:00:00Z') },
  })
})

it('hours of a site need a site, and a zone must exist', () => {
  expect(outsideWindow(window('06:00', '18:00'), null, 0)?.code).toBe('plan.wrong-site')
  expect(outsideWindow(window('06:00', '18:00', 'Mars/Base'), oslo, 0)?.code).toBe('plan.invalid')
  expect(outsideWindow(window('00:00', '23:59', 'UTC'), null, at('2026-11-20T12:00:00Z'))).toBeNull()
  expect(outsideWindow(undefined, null, 0)).toBeNull()
})
