import { afterEach, beforeEach, expect, test } from 'vitest'
import { type DemoConsole, openDemo } from './demo-console.ts'
import { looksAt } from './look.ts'
import { mouse } from './mouse.ts'
import { askDevice, latest, runOn } from './outcomes.ts'

const CRANE = 'acme-crane:CR-0007'
const PASSPHRASE = 'herring anchor violet lantern'
const PATIENT = { timeout: 60_000 }

let demo: DemoConsole
beforeEach(async () => {
  demo = await openDemo({ width: 1280, height: 800 })
})
afterEach(() => demo?.close())

/** A console of somebody who may update, with everything on board, at the quay. */
async function prepared({ client, page }: DemoConsole): Promise<void> {
  const { steps } = await latest(client.demo.state, null)
  const { address = '', fingerprint = '' } = steps.find(({ id }) => id === 'trust')?.facts ?? {}
  await client.trust.adopt({ url: address, fingerprint: fingerprint.replaceAll(/\s/g, '') })
  const { operator } = await client.people.enrol({ name: 'Kari Nordmann', passphrase: PASSPHRASE })
  await client.demo.approve(null)
  await client.people.signIn({ operator: operator.id, passphrase: PASSPHRASE })
  await client.sync.start({})
  await expect
    .poll(async () => (await latest(client.sync.state, null)).items.map(({ state }) => state), PATIENT)
    .toEqual(['held', 'held', 'held'])
  await client.site.choose({ site: 'quay-4' })
  await page.goto(page.url().replace(/#.*/, '#/site'))
}

test('a crane whose controller is broken: found, named by its plate, rescued, and read back', {
  timeout: 180_000,
}, async () => {
  const { page, client } = demo
  const look = looksAt(demo, 'rescue')
  const hands = mouse(page)
  await prepared(demo)
  await page.locator('.board-row', { hasText: 'crane-07' }).getByText('2.4.1', { exact: true }).waitFor(PATIENT)
  await client.demo.setFault({ device: 'crane', fault: 'broken-application' })
  await page.getByText('Crane controller waits in its boot loader').waitFor(PATIENT)
  await look('site')
  await hands.press(page.getByRole('link', { name: 'See what can be done' }))
  await page.getByRole('heading', { name: 'This device waits in its boot loader' }).waitFor(PATIENT)
  await look('waits')
  await hands.type(page.getByLabel('Serial number on the plate'), 'CR-0007')
  await hands.slide(page.getByRole('slider', { name: 'This is CR-0007' }))

  await page.getByText('It is this device by its plate').waitFor(PATIENT)
  expect((await askDevice(demo, CRANE)).mode).toBe('bootloader')
  await look('named')
  await hands.press(page.getByRole('button', { name: 'Start update' }).first())
  // No contact switch speaks any more: people look, before the write and before the restart.
  for (const act of ['write', 'restart']) {
    const attest = page.getByRole('button', { name: 'I confirm this' })
    await attest.waitFor(PATIENT)
    await look(`attest-${act}`)
    await hands.press(attest)
    await attest.waitFor({ ...PATIENT, state: 'hidden' })
  }
  await page.getByRole('heading', { name: 'crane-07 runs 2.5.0.' }).waitFor(PATIENT)
  await look('rescued')
  expect(await askDevice(demo, CRANE)).toMatchObject({ mode: 'application', versions: { app: '2.5.0' } })
  expect(await runOn(demo, CRANE)).toMatchObject({ phase: 'succeeded', result: { readBack: { app: '2.5.0' } } })
  expect(await latest(client.devices.waiting, null)).toEqual([])
  const actions = (await client.audit.list({ limit: 200 })).map(({ action }) => action)
  expect(actions).toContain('device.claimed')
  expect(demo.complaints).toEqual([])
})
