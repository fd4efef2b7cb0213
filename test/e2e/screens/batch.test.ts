import { expect, test } from 'vitest'
import { problem } from '../../fixtures/scripted-host/device-data.ts'
import * as scenes from '../../fixtures/scripted-host/scenes.ts'
import { stage } from './harness.ts'

const { open } = stage()
const CRANES = ['acme-crane:CR-0007', 'acme-crane:CR-0008', 'acme-crane:CR-0009']

test('a plan that fits several devices starts on all of them, after they were named once more', async () => {
  const { page, host } = await open(scenes.busy(), { route: 'plans/crane-2.5.0' })
  await page.getByRole('button', { name: 'Start on all 3' }).click()
  const dialog = page.getByRole('dialog', { name: 'Start on 3 devices?' })
  expect(await dialog.getByRole('listitem').allInnerTexts()).toEqual(['crane-07', 'crane-08', 'crane-09'])
  expect(host.asked.some(({ method }) => method === 'runs.startBatch')).toBe(false)
  await dialog.getByRole('button', { name: 'Start on 3 devices' }).click()
  await expect
    .poll(() => host.asked.at(-1))
    .toEqual({ method: 'runs.startBatch', input: { plan: 'crane-2.5.0', devices: CRANES } })
  await expect.poll(() => new URL(page.url()).hash).toBe('#/batches/b1')
})

test('a batch for two people asks for the second one', async () => {
  const { page, host } = await open(scenes.busy(), { route: 'plans/crane-2.5.0' })
  host.failing.set('runs.startBatch', problem('people.second-person-needed'))
  await page.getByRole('button', { name: 'Start on all 3' }).click()
  await page.getByRole('button', { name: 'Start on 3 devices' }).click()
  const dialog = page.getByRole('dialog', { name: 'A second person is needed' })
  host.failing.clear()
  await dialog.getByLabel('Their passphrase').fill('four words that fit')
  await dialog.getByRole('button', { name: 'Start with two people' }).click()
  await expect
    .poll(() => host.asked.at(-1)?.input)
    .toEqual({
      plan: 'crane-2.5.0',
      devices: CRANES,
      second: { operator: 'jonas.weber', passphrase: 'four words that fit' },
    })
})

test('a plan that fits one device offers no batch', async () => {
  const { page } = await open(scenes.busy(), { route: 'plans/winch-4.2.0' })
  await page.getByText('winch-01').first().waitFor()
  expect(await page.getByRole('button', { name: /^Start on all/ }).count()).toBe(0)
})

test('the board of a batch follows the host, and leads to each run', async () => {
  const { page, host } = await open(scenes.busy(), { route: 'batches/b1' })
  const column = (name: string) => page.locator('.batch-column', { hasText: name })
  expect(await column('Needs you').getByRole('link').allInnerTexts()).toEqual(['crane-07'])
  expect(await column('Up to date').getByRole('link').allInnerTexts()).toEqual(['crane-01', 'crane-06'])
  host.world.update((now) => ({
    ...now,
    batches: now.batches.map((batch) => ({
      ...batch,
      devices: batch.devices.map((device) =>
        device.name === 'crane-08' ? { ...device, state: 'succeeded' as const } : device,
      ),
    })),
  }))
  await expect.poll(() => column('Up to date').getByRole('link').count()).toBe(3)
  await page.getByRole('link', { name: 'crane-07' }).click()
  await expect.poll(() => new URL(page.url()).hash).toBe('#/runs/7f3b')
  // And back, from the list of runs.
  await page.getByRole('link', { name: 'Runs', exact: false }).first().click()
  await page.getByText('3 of 7 run the new version.').waitFor()
  await page.locator('main').getByText('Open the board').click()
  await expect.poll(() => new URL(page.url()).hash).toBe('#/batches/b1')
})

test('a stopped batch starts no more, and says that what runs goes on', async () => {
  const { page, host } = await open(scenes.busy(), { route: 'batches/b1' })
  await page.getByRole('button', { name: 'Start no more' }).click()
  await page.getByText('What runs goes on.').waitFor()
  expect(host.asked.at(-1)).toEqual({ method: 'runs.stopBatch', input: { batch: 'b1' } })
  expect(await page.getByRole('button', { name: 'Start no more' }).count()).toBe(0)
})
