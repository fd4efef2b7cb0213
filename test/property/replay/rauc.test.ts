import { expect, test } from 'vitest'
import { raucDriver } from '../../../electron/host/device/drivers/rauc/driver.ts'
import { campaign, HONEST, judged } from '../../fixtures/replay/campaign.ts'
import { replayed } from '../../fixtures/replay/replayed.ts'
import { storedTrace } from '../../fixtures/replay/stored.ts'

const stored = await storedTrace('rauc', 'rauc', { component: 'system' })

test('500 updates of a replayed device over bad lines: no false success', { timeout: 300_000 }, async () => {
  const outcomes = await campaign(500, async (run) =>
    replayed({ ...stored, driver: raucDriver(), fallsBack: run % 5 === 0 }),
  )
  expect(judged('rauc, replayed', outcomes)).toEqual(HONEST)
})
