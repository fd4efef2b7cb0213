import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { DemoConsole } from './demo-console.ts'
import type { Hands } from './hands.ts'
import { askDevice, heldByServer, latest, runOn } from './outcomes.ts'

const PERSON = 'Kari Nordmann'
const PASSPHRASE = 'herring anchor violet lantern'
/** The simulated machines take seconds; a machine that does three other things as well takes its time. */
/** For the whole tour, every screen of it looked at twice. */
export const TOUR_TIMEOUT_MS = 600_000
const PATIENT = { timeout: 90_000 }

export interface Tour {
  readonly demo: DemoConsole
  readonly hands: Hands
  /** Looks at the screen as it is now. */
  readonly look: (name: string) => Promise<void>
}

/** The whole of it, whatever the hands are. */
export async function wholeTour(tour: Tour): Promise<void> {
  await enrol(tour)
  await prepare(tour)
  await update(tour, {
    name: 'gateway-01',
    key: 'acme-gateway:GW-0001',
    link: 'network (UDP)',
    component: 'app',
    to: '1.9.0',
  })
  await update(tour, {
    name: 'winch-02',
    key: 'acme-winch:WI-0002',
    link: 'network (HTTP)',
    component: 'system',
    to: '3.2.0',
  })
  await updateCrane(tour)
  await comeBack(tour)
  await lookAround(tour)
}

/** Name, key, permission: from an empty laptop to somebody who may update. */
async function enrol({ demo, hands, look }: Tour): Promise<void> {
  const { page } = demo
  const guide = page.getByRole('complementary', { name: 'Guided tour' })
  await page.getByRole('heading', { name: 'Welcome to Slipway' }).waitFor(PATIENT)
  await look('start')
  const words = await guide.locator('.guide-text').innerText()
  const address = /http:\/\/127\.0\.0\.1:\d+/.exec(words)?.[0] ?? ''
  await hands.type(page.getByLabel('Address of the server'), address)
  await hands.press(page.getByRole('button', { name: 'Show the fingerprint' }))
  // What the tour told by another way is what the server shows.
  const told = /begins with ((?:[0-9a-f]{4} ?){4})/.exec(words)?.[1]?.replaceAll(' ', '') ?? 'nothing'
  const shown = page.getByRole('img', { name: 'Fingerprint of the root' })
  await shown.waitFor(PATIENT)
  expect((await shown.innerText()).replaceAll(/\s/g, '').startsWith(told)).toBe(true)
  await look('fingerprint')
  await hands.press(page.getByRole('button', { name: 'It matches. Trust this publisher' }))

  await hands.type(page.getByLabel('Your name'), PERSON)
  await hands.type(page.getByLabel('Passphrase', { exact: true }), PASSPHRASE)
  await hands.type(page.getByLabel('Repeat the passphrase'), PASSPHRASE)
  await hands.press(page.getByRole('button', { name: 'Make my key' }))
  await page.getByRole('img', { name: `Enrolment request of ${PERSON} as a QR code` }).waitFor(PATIENT)
  await look('request')
  await hands.press(page.getByRole('button', { name: 'Play the publisher: accept the request' }))
  await expect.poll(() => now(guide), PATIENT).toContain('Sign in')
  await hands.type(page.getByLabel('Passphrase', { exact: true }), PASSPHRASE)
  await hands.press(page.locator('main').getByRole('button', { name: 'Sign in' }))
}

/** What a trip needs, while there is a connection; then none. */
async function prepare({ demo, hands, look }: Tour): Promise<void> {
  const { page, client } = demo
  await expect.poll(async () => (await latest(client.app.state, null)).session?.name, PATIENT).toBe(PERSON)
  await hands.goTo('Sync')
  await hands.press(page.getByRole('button', { name: /^(Sync now|Fetch )/ }))
  await expect
    .poll(async () => (await latest(client.sync.state, null)).items.map(({ state }) => state), PATIENT)
    .toEqual(['held', 'held', 'held'])
  await page.getByRole('heading', { name: 'Everything that the plans need is on board.' }).waitFor(PATIENT)
  await look('sync')

  await hands.goTo('Site')
  await look('site-choice')
  await hands.press(page.getByRole('button', { name: 'Work here' }))
  await page.getByRole('heading', { name: '0 of 4 devices run what they should.' }).waitFor(PATIENT)
  const ready = page.locator('.board-row').getByRole('button', { name: 'Start update' })
  await expect.poll(() => ready.count(), PATIENT).toBe(3)
  // What was found while the board stood open offers itself above it.
  for (const later = page.getByRole('button', { name: 'Later' }); (await later.count()) > 0; ) {
    await hands.press(later.first())
  }
  await look('site')

  await hands.goTo('Sync')
  await hands.press(page.getByRole('switch', { name: 'Offline mode' }))
  await expect.poll(async () => (await latest(client.app.state, null)).network.state, PATIENT).toBe('offline-chosen')
  await look('offline')
}

/** A device that is safe from the start, over the network. */
async function update(
  { demo, hands, look }: Tour,
  { name, key, link, component, to }: { name: string; key: string; link: string; component: string; to: string },
): Promise<void> {
  const { page } = demo
  await hands.goTo('Site')
  expect(await rowOf(page, name).innerText()).toContain(link)
  await hands.press(rowOf(page, name).getByRole('button', { name: 'Start update' }))
  await page.getByRole('heading', { name: `${name} runs ${to}.` }).waitFor(PATIENT)
  expect((await askDevice(demo, key)).versions[component]).toBe(to)
  await look(`run-${name}`)
}

/** The crane, over a serial line: refused while its boom is up, confirmed by a person, slid. */
async function updateCrane({ demo, hands, look }: Tour): Promise<void> {
  const { page } = demo
  const key = 'acme-crane:CR-0007'
  await hands.goTo('Site')
  expect(await rowOf(page, 'crane-07').innerText()).toContain('serial port')
  await hands.press(rowOf(page, 'crane-07').getByRole('button', { name: 'Start update' }))
  await page.getByRole('status').getByText('Waiting for the safe state').waitFor(PATIENT)
  const boom = page.locator('.condition', { hasText: 'Boom parked and locked' })
  await boom.getByText('not met').waitFor(PATIENT)
  await look('run-refused')
  expect((await askDevice(demo, key)).versions.app).toBe('2.4.1')
  expect((await runOn(demo, key)).phase).toBe('awaiting-safe')

  await hands.choose(page.getByRole('combobox', { name: 'crane-07: What happens to it' }), 'all well')
  await page.getByRole('status').getByText('Writing').waitFor(PATIENT)
  await look('run-writing')
  const slider = page.getByRole('slider', { name: 'Restart crane-07' })
  await slider.waitFor(PATIENT)
  await look('run-hold')
  // Nothing restarts before a person has said so.
  expect((await askDevice(demo, key)).versions.app).toBe('2.4.1')
  await hands.slide(slider)
  const attest = page.getByRole('button', { name: 'I confirm this' })
  await attest.waitFor(PATIENT)
  await look('run-attest')
  expect((await askDevice(demo, key)).versions.app).toBe('2.4.1')
  await hands.press(attest)
  await page.getByRole('heading', { name: 'crane-07 runs 2.5.0.' }).waitFor(PATIENT)
  expect((await askDevice(demo, key)).versions.app).toBe('2.5.0')
  const run = await runOn(demo, key)
  expect(run).toMatchObject({ phase: 'succeeded', result: { device: 'runs-new', readBack: { app: '2.5.0' } } })
  await look('run-succeeded')
  await hands.press(page.getByRole('link', { name: 'Report' }).or(page.getByRole('button', { name: 'Report' })))
  await page.getByRole('heading', { name: 'What happened' }).waitFor(PATIENT)
  await look('report')
}

/** The network again, the log to the server, and its signed word for it. */
async function comeBack({ demo, hands, look }: Tour): Promise<void> {
  const { page, client } = demo
  const [ended] = (await client.audit.list({ limit: 100 })).filter(({ action }) => action === 'run.ended')
  const seq = ended?.seq ?? Number.POSITIVE_INFINITY
  // Offline mode means that nothing has left this laptop since.
  expect((await client.audit.receipts(null)).every(({ last }) => last < seq)).toBe(true)
  await hands.goTo('Sync')
  await hands.press(page.getByRole('switch', { name: 'Offline mode' }))
  await expect
    .poll(async () => (await latest(client.app.state, null)).network.state, PATIENT)
    .not.toBe('offline-chosen')
  await hands.goTo('Audit')
  await look('audit-before')
  await hands.press(page.getByRole('button', { name: 'Upload now' }))
  await expect.poll(async () => (await client.audit.receipts(null)).some(({ last }) => last >= seq), PATIENT).toBe(true)
  const receipts = await client.audit.receipts(null)
  const [newest] = receipts.toSorted((a, b) => b.last - a.last)
  await page.locator('.verdicts').getByText(`Entries ${newest?.first} to ${newest?.last}, `).waitFor(PATIENT)
  const held = (await heldByServer(demo)).map(({ signature }) => signature)
  expect(held).toEqual(expect.arrayContaining(receipts.map(({ signature }) => signature)))
  await hands.press(page.getByRole('button', { name: 'Check the chain' }))
  await page.getByText(/are whole and in order/).waitFor(PATIENT)
  expect((await latest(client.audit.state, null)).chain).toMatchObject({ ok: true })
  await look('audit')
  await page.getByText('That is the whole tour.').waitFor(PATIENT)
}

/** The screens that the tour itself does not pass. */
async function lookAround({ demo, hands, look }: Tour): Promise<void> {
  const { page } = demo
  const open = async (name: string, title: string | RegExp) => {
    await page.getByRole('heading', { level: 1, name: title }).waitFor(PATIENT)
    await look(name)
  }
  await hands.goTo('Site')
  await open('site-updated', '3 of 4 devices run what they should.')
  await hands.press(rowOf(page, 'crane-07').getByRole('link', { name: 'crane-07' }))
  for (const tab of ['Overview', 'Signals', 'Health', 'History']) {
    await hands.press(page.locator('.tabs').getByRole('link', { name: tab }))
    await open(`device-${tab.toLowerCase()}`, /crane-07/)
  }
  await hands.goTo('Plans')
  await open('plans', /./)
  await expect.poll(() => page.getByText('1 device here runs it already').count(), PATIENT).toBe(3)
  await hands.press(page.getByRole('link', { name: 'Crane controller 2.5.0' }))
  await open('plan', 'Crane controller 2.5.0')
  await hands.goTo('Runs')
  await open('runs', 'Runs')
  await hands.goTo('Settings')
  for (const section of ['Display', 'People', 'Trust and site', 'Connections', 'About']) {
    await hands.press(page.locator('.tabs').getByRole('link', { name: section }))
    await open(`settings-${section.slice(0, 5).toLowerCase()}`, 'Settings')
  }
}

function rowOf(page: Page, name: string): Locator {
  return page.locator('.board-row', { hasText: name })
}

function now(guide: Locator): Promise<string> {
  return guide.locator('[aria-current=step]').innerText()
}
