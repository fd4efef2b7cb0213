import { expect, test } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import { busy } from '../../fixtures/scripted-host/scenes.ts'
import { checkScreen } from './checks.ts'
import { stage } from './harness.ts'

const { open } = stage()

test.each([
  ['trust.clock-behind', 'floor', /behind what was signed, by 3\sd/],
  ['trust.clock-set-back', 'high-water', /earlier date than it did before, by 3\sd/],
] as const)('a clock that is not believed says so: %s', async (code, source, sentence) => {
  const world = busy()
  const trouble = new AppError(code, { detail: { byMs: 3 * 86_400_000 } }).toData()
  const trust = { ...world.trust, time: { ...world.trust.time, source, trouble } }
  const screen = await open({ ...world, trust }, { route: 'settings/trust' })
  await screen.page.getByText(sentence).waitFor()
  expect(await screen.page.getByText(/Set the clock of the laptop/).isVisible()).toBe(true)
  await checkScreen(screen, `settings-${code}`)
})
