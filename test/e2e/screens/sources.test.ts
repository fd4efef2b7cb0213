import { expect, test } from 'vitest'
import { problem } from '../../fixtures/scripted-host/device-data.ts'
import { FINGERPRINT } from '../../fixtures/scripted-host/people-data.ts'
import { busy } from '../../fixtures/scripted-host/scenes.ts'
import { checkScreen } from './checks.ts'
import { stage } from './harness.ts'

const { open } = stage()

test('files of a vendor are looked at, brought on board, and say on which plan they wait', async () => {
  const screen = await open(busy(), { route: 'sync' })
  const { page, host } = screen
  const source = page.getByRole('region', { name: 'hoistworks' })
  await source.getByRole('button', { name: 'Show files' }).click()
  await source.getByText('firmware/winch-drive-4.2.0.swu').waitFor()
  await source.getByText('for winch-4.2.0').waitFor()
  await source
    .getByText(/No plan of your publisher names it/)
    .first()
    .waitFor()
  await source.getByText(/Only your own publisher may name files so/).waitFor()
  await source.getByRole('button', { name: 'Bring on board' }).click()
  await source.getByRole('button', { name: 'What is it?' }).first().click()
  await page.getByText(/What is on board from there stays/).waitFor()
  await source.scrollIntoViewIfNeeded()
  await checkScreen(screen, 'sources')
  expect(host.asked.filter(({ method }) => method === 'source.fetch')).toEqual([
    { method: 'source.fetch', input: { id: 'hoistworks', target: 'firmware/winch-drive-4.2.0.swu' } },
  ])
})

test('a source is added only after a comparison, and by whoever may', async () => {
  const screen = await open({ ...busy(), sources: [] }, { route: 'sync', settings: { palette: 'night' } })
  const { page, host } = screen
  await page.getByText('Add a source').click()
  await page.getByLabel('Short name').fill('hoistworks')
  await page.getByLabel('Address of its metadata').fill('https://hoistworks.example/metadata/')
  await page.getByLabel('Address of its files').fill('https://hoistworks.example/targets/')
  await page.getByLabel('Only these paths').fill('firmware/* docs/*')
  await page.getByLabel('Root file of the publisher').fill('/media/stick/root.json')
  await page.getByRole('button', { name: 'Read the root' }).click()
  expect((await page.locator('.fingerprint').innerText()).replace(/\s/g, '')).toBe(FINGERPRINT)
  const trust = page.getByRole('button', { name: 'It matches. Add as a source of files' })
  host.failing.set('source.add', problem('people.role-missing', { operator: 'kari.nordmann', needed: 'supervisor' }))
  await trust.click()
  await page
    .getByText(/supervisor/)
    .first()
    .waitFor()
  await trust.scrollIntoViewIfNeeded()
  await checkScreen(screen, 'sources-new-night')
  host.failing.delete('source.add')
  await trust.click()
  await page.getByRole('region', { name: 'hoistworks' }).waitFor()
  expect(host.asked.filter(({ method }) => method === 'source.add').at(-1)?.input).toEqual({
    id: 'hoistworks',
    root: '/media/stick/root.json',
    metadata: 'https://hoistworks.example/metadata/',
    targets: 'https://hoistworks.example/targets/',
    fingerprint: FINGERPRINT,
    paths: ['firmware/*', 'docs/*'],
  })
})
