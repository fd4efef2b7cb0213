import { expect, test } from 'vitest'
import { FINGERPRINT } from '../../fixtures/scripted-host/people-data.ts'
import { demo, firstStart } from '../../fixtures/scripted-host/scenes.ts'
import { stage } from './harness.ts'

const { open } = stage()

test('from nothing to signed in, with a fingerprint that a person compared', async () => {
  const { page, host } = await open(firstStart())
  await page.getByLabel('Address of the server').fill('https://updates.example.com/slipway')
  await page.keyboard.press('Enter')
  const shown = await page.locator('.fingerprint').innerText()
  expect(shown.replace(/\s/g, '')).toBe(FINGERPRINT)
  expect(host.asked.map(({ method }) => method)).not.toContain('trust.adopt')
  await page.getByRole('button', { name: 'It matches. Trust this publisher' }).click()

  await page.getByLabel('Your name').fill('Kari Nordmann')
  await page.getByLabel('Passphrase', { exact: true }).fill('boom cradle gull seven')
  await page.getByLabel('Repeat the passphrase').fill('boom cradle gull sevn')
  expect(await page.getByText('The two differ.').isVisible()).toBe(true)
  await page.getByLabel('Repeat the passphrase').fill('boom cradle gull seven')
  await page.getByRole('button', { name: 'Make my key' }).click()

  await page.getByRole('img', { name: 'Enrolment request of Kari Nordmann as a QR code' }).waitFor()
  const request = host.asked.find(({ method }) => method === 'people.enrol')
  expect(request?.input).toEqual({ name: 'Kari Nordmann', passphrase: 'boom cradle gull seven' })

  await page.getByLabel('Passphrase').fill('wrong one')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('The passphrase is not right.').waitFor()
  await page.getByLabel('Passphrase').fill('boom cradle gull seven')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Which site is this?' }).waitFor()
})

test('a fingerprint that differs ends there', async () => {
  const { page, host } = await open(firstStart())
  await page.getByLabel('Address of the server').fill('https://evil.example.com')
  await page.getByRole('button', { name: 'Show the fingerprint' }).click()
  await page.getByRole('button', { name: 'It differs' }).click()
  await page.getByText('Do not trust this server').waitFor()
  expect(await page.getByRole('button', { name: /It matches/ }).count()).toBe(0)
  expect(host.asked.map(({ method }) => method)).not.toContain('trust.adopt')
})

test('a secret is hidden until it is asked for', async () => {
  const { page } = await open({ ...firstStart(), app: { ...firstStart().app, firstStart: 'enrol' } })
  const field = page.getByLabel('Passphrase', { exact: true })
  await field.fill('boom cradle')
  expect(await field.getAttribute('type')).toBe('password')
  await page.getByRole('button', { name: 'Show the passphrase' }).first().click()
  expect(await field.getAttribute('type')).toBe('text')
})

test('the tour follows the console and plays its surroundings', async () => {
  const { page, host } = await open(demo(), { route: 'site' })
  await page.getByText('Nothing here is real.').waitFor()
  const step = page.locator('.guide-step[aria-current=step]')
  await step.getByText('Make the machine safe').waitFor()
  await page.getByLabel('crane-07: What happens to it').selectOption('none')
  await expect
    .poll(() => host.asked.at(-1))
    .toEqual({ method: 'demo.setFault', input: { device: 'crane', fault: 'none' } })
  await page.getByRole('button', { name: 'Hide the tour' }).click()
  await page.getByRole('button', { name: 'Tour' }).click()
  await step.waitFor()
})
