import { expect, test } from 'vitest'
import { problem } from '../../fixtures/scripted-host/device-data.ts'
import { FINGERPRINT } from '../../fixtures/scripted-host/people-data.ts'
import { busy, firstStart } from '../../fixtures/scripted-host/scenes.ts'
import { checkScreen } from './checks.ts'
import { stage } from './harness.ts'

const { open } = stage()

test('a pack is made, and what did not come along is said', async () => {
  const screen = await open(busy(), { route: 'sync' })
  const { page, host } = screen
  const make = page.getByRole('button', { name: 'Make a pack' })
  expect(await make.isDisabled()).toBe(true)
  await page.getByLabel('Folder or stick').fill(' /media/stick ')
  await make.click()
  await page.getByText(/The pack is made: 2 files/).waitFor()
  await page.getByText('/media/stick/slipway-pack').waitFor()
  await page
    .getByText(/winch-3\.2\.0\.swu/)
    .last()
    .waitFor()
  expect(host.asked.find(({ method }) => method === 'packs.make')?.input).toEqual({ folder: '/media/stick' })
  await checkScreen(screen, 'sync-pack-made')
})

test('a pack is taken in; one that is refused says why and what to do', async () => {
  const screen = await open(busy(), { route: 'sync', settings: { palette: 'night' } })
  const { page, host } = screen
  await page.getByLabel('Folder or stick').fill('/media/stick')
  await page.getByRole('button', { name: 'Take a pack in' }).click()
  await page.getByText(/The pack is taken in/).waitFor()
  host.failing.set('packs.take', problem('pack.older', { found: Date.UTC(2026, 10, 1), held: Date.UTC(2026, 10, 9) }))
  await page.getByRole('button', { name: 'Take a pack in' }).click()
  await page.getByText(/The pack is older than what this console has/).waitFor()
  expect(await page.getByText(/The pack is taken in/).count()).toBe(0)
  await checkScreen(screen, 'sync-pack-refused-night')
})

test('one that is on its way can be stopped', async () => {
  const packing = { phase: 'making', folder: '/media/stick', done: 4_000_000, total: 12_000_000 } as const
  const screen = await open({ ...busy(), packing }, { route: 'sync' })
  const { page, host } = screen
  await page.getByRole('progressbar', { name: 'Writing the pack' }).waitFor()
  expect(await page.getByRole('progressbar', { name: 'Writing the pack' }).getAttribute('aria-valuenow')).toBe('33')
  await page.getByRole('button', { name: 'Stop', exact: true }).last().click()
  await expect.poll(() => host.asked.map(({ method }) => method)).toContain('packs.stop')
  await checkScreen(screen, 'sync-pack-making')
})

test('first trust from a stick is the same comparison', async () => {
  const screen = await open(firstStart(), { route: 'start' })
  const { page, host } = screen
  await page.getByLabel('Address of the server, or folder of a pack').fill('E:\\')
  await page.keyboard.press('Enter')
  expect((await page.locator('.fingerprint').innerText()).replace(/\s/g, '')).toBe(FINGERPRINT)
  await page.getByText(/From the pack in/).waitFor()
  await checkScreen(screen, 'start-pack')
  await page.getByRole('button', { name: 'It matches. Trust this publisher' }).click()
  await page.getByLabel('Your name').waitFor()
  const asked = host.asked.filter(({ method }) => /^(?:trust|packs)\./.test(method))
  expect(asked).toEqual([
    { method: 'packs.look', input: { folder: 'E:\\' } },
    { method: 'packs.adopt', input: { folder: 'E:\\/slipway-pack', fingerprint: FINGERPRINT } },
  ])
})
