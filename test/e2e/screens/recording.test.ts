import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { problem } from '../../fixtures/scripted-host/device-data.ts'
import { busy } from '../../fixtures/scripted-host/scenes.ts'
import { checkScreen } from './checks.ts'
import { stage } from './harness.ts'

const { open } = stage()
const ROUTE = 'devices/acme-crane%3ACR-0007'

test('the link to a device is recorded, stopped, saved and removed', async () => {
  const screen = await open(busy(), { route: ROUTE })
  const { page, host } = screen
  await page.getByText('Nothing was recorded of this device.').waitFor()
  await page.getByRole('button', { name: 'Start recording' }).click()
  await page.getByText(/Recording for .*: 212 events/).waitFor()
  await checkScreen(screen, 'device-recording')
  await page.getByRole('button', { name: 'Stop recording' }).click()
  await page.getByText('/home/kari/.slipway/traces/20261120-120000-serial-dev-ttyusb0.jsonl').waitFor()
  await checkScreen(screen, 'device-recorded')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save a copy' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('20261120-120000-serial-dev-ttyusb0.jsonl')
  expect(readFileSync(await download.path(), 'utf8')).toBe('{}\n')
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByText('Nothing was recorded of this device.').waitFor()
  expect(host.asked.map(({ method }) => method).filter((method) => method.startsWith('traces.'))).toEqual([
    'traces.start',
    'traces.stop',
    'traces.read',
    'traces.remove',
  ])
})

test('a recording that cannot begin says why and what to do', async () => {
  const screen = await open(busy(), { route: ROUTE, settings: { language: 'de', palette: 'night' } })
  screen.host.failing.set('traces.start', problem('trace.unwritable', { path: '/media/full' }))
  await screen.page.getByRole('button', { name: 'Aufzeichnung beginnen' }).click()
  await screen.page.getByText(/Hier kann keine Aufzeichnung geschrieben werden/).waitFor()
  await checkScreen(screen, 'device-recording-refused-night')
})
