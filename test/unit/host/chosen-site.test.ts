import { expect, test } from 'vitest'
import { Db } from '../../../electron/host/store/db.ts'
import { factQueries } from '../../../electron/host/store/facts.ts'
import type { Library } from '../../../electron/host/trust/library.ts'
import { ChosenSite } from '../../../electron/host/wiring/chosen-site.ts'
import { Site } from '../../../shared/model/site.ts'

const siteNaming = (name: string) =>
  Site.parse({
    format: 'slipway.site/1',
    id: 'harbour',
    title: 'Harbour',
    zone: 'Europe/Oslo',
    devices: [{ name, type: 'acme-crane', serial: 'CR-0007' }],
  })

test('names come from the list of the chosen site, and from the new list when trust is renewed', () => {
  let document = siteNaming('Crane 7')
  const library = {
    current: () => ({ sites: new Map([['harbour', { document }]]) }) as unknown as Library,
    onChange: () => () => {},
  }
  const site = new ChosenSite(factQueries(Db.open(':memory:')), library)
  const crane = { type: 'acme-crane', serial: 'CR-0007' }
  expect(site.nameOf(crane)).toBeNull()
  site.choose('harbour')
  expect(site.nameOf(crane)).toBe('Crane 7')
  expect(site.nameOf({ ...crane, type: 'acme-winch' })).toBeNull()
  document = siteNaming('Foredeck crane')
  expect(site.nameOf(crane)).toBe('Foredeck crane')
})
