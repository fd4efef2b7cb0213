import { expect, test } from 'vitest'
import { busy, SYNC_SCENES } from '../../fixtures/scripted-host/scenes.ts'
import { checkScreen } from './checks.ts'
import { stage } from './harness.ts'

const { open } = stage()
const atSea = (scene: keyof typeof SYNC_SCENES) => ({ ...busy(), sync: SYNC_SCENES[scene] })

test('what comes first, what it takes and why the rest waits stand there before a byte moves', async () => {
  const screen = await open(atSea('night-at-sea'), { route: 'sync' })
  const { page, host } = screen
  await page.getByText('In this order').waitFor()
  await page.getByText(/1 file, 1\.3\sMB, about 22\ss/).waitFor()
  await page.getByText(/paid by the byte: 48\.3\sMB more wait/).waitFor()
  await page.getByText(/Goes on by itself at/).waitFor()
  await checkScreen(screen, 'sync-at-sea')
  await page.getByRole('button', { name: 'Fetch for an hour now' }).click()
  // It changes when the host has said so, not when it is touched.
  await page.getByRole('radio', { name: 'flat rate' }).click()
  await page.getByRole('radio', { name: 'flat rate', checked: true }).waitFor()
  const asked = host.asked.filter(({ method }) => /^sync\.(?:start|setLink)$/.test(method))
  expect(asked).toEqual([
    { method: 'sync.start', input: { hours: 1 } },
    { method: 'sync.setLink', input: { metered: false } },
  ])
  await expect.poll(() => page.getByText(/Over it come signed lists/).count()).toBe(0)
})

test('the hours are set on the spot, and the budget is seen to shrink', async () => {
  const screen = await open(atSea('within-budget'), { route: 'sync', settings: { palette: 'night' } })
  const { page, host } = screen
  expect(await page.getByRole('progressbar', { name: 'Budget used' }).getAttribute('aria-valuenow')).toBe('21')
  await page.getByText(/4\.3 of 20\.0\sMB used/).waitFor()
  await page.getByRole('switch', { name: 'Only at certain hours' }).click()
  await page.getByLabel('From').fill('23:30')
  await page
    .getByRole('group', { name: 'At most', exact: true })
    .getByRole('radio', { name: /20\sMB/ })
    .click()
  await page.getByRole('radio', { name: /20\sMB/, checked: true }).waitFor()
  await checkScreen(screen, 'sync-budget-night')
  const asked = host.asked.filter(({ method }) => method === 'settings.set').map(({ input }) => input)
  expect(asked).toEqual([
    { syncWindow: { from: '01:00', to: '05:00' } },
    { syncWindow: { from: '23:30', to: '05:00' } },
    { syncBudgetBytes: 20_000_000 },
  ])
})

test('a pause says whose it is and is taken back', async () => {
  const screen = await open(atSea('fetching'), { route: 'sync' })
  const { page, host } = screen
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByText(/Paused by Kari Nordmann since/).waitFor()
  expect(await page.getByRole('button', { name: /^Fetch/ }).count()).toBe(0)
  await checkScreen(screen, 'sync-paused')
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByRole('button', { name: /^Fetch/ }).waitFor()
  const asked = host.asked.map(({ method }) => method).filter((method) => /pause|resume/.test(method))
  expect(asked).toEqual(['sync.pause', 'sync.resume'])
})
