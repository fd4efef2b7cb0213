import { expect, test } from 'vitest'
import { problem } from '../../fixtures/scripted-host/device-data.ts'
import { FINGERPRINT } from '../../fixtures/scripted-host/people-data.ts'
import { busy, firstStart } from '../../fixtures/scripted-host/scenes.ts'
import { DAY, NOW } from '../../fixtures/scripted-host/time.ts'
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
  await page.getByText('Also carries the log of this laptop back: 5 entries.').waitFor()
  await page.getByText('Also carries the log of crew-laptop-1: 212 entries.').waitFor()
  expect(host.asked.find(({ method }) => method === 'packs.make')?.input).toEqual({ folder: '/media/stick' })
  await page.locator('.notice').last().scrollIntoViewIfNeeded()
  await checkScreen(screen, 'sync-pack-made')
  await page.getByRole('switch', { name: 'Small pack' }).click()
  await make.click()
  await expect
    .poll(() => host.asked.findLast(({ method }) => method === 'packs.make')?.input)
    .toEqual({ folder: '/media/stick', small: true })
})

test('a pack is taken in; one that is refused says why and what to do', async () => {
  const screen = await open(busy(), { route: 'sync', settings: { palette: 'night' } })
  const { page, host } = screen
  await page.getByLabel('Folder or stick').fill('/media/stick')
  await page.getByRole('button', { name: 'Take a pack in' }).click()
  await page.getByText(/The pack is taken in/).waitFor()
  await page.getByText('The publisher has signed for 5 entries of this laptop, carried by harbour-office.').waitFor()
  await page.getByText('The log of crew-laptop-1, 212 entries: sent at the next sync.').waitFor()
  await page.locator('.notice').last().scrollIntoViewIfNeeded()
  await checkScreen(screen, 'sync-pack-taken-night')
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

test('the log is put on a stick without a pack, and the log screen says what travels, since when, and who carried', async () => {
  const carried = {
    own: { entries: 5, first: 1200, last: 1204, since: NOW - 3 * DAY },
    others: [
      { console: 'crew-laptop-1', segments: 2, entries: 212, bytes: 148_000, since: NOW - 2 * DAY, reason: null },
      {
        console: 'engine-room',
        segments: 1,
        entries: 1,
        bytes: 2_400,
        since: NOW - 2 * DAY,
        reason: problem('audit.gap', { expected: 40, found: 62 }),
      },
    ],
    bytes: 150_400,
    limit: 268_435_456,
  }
  const world = busy()
  const receipts = world.receipts.map((receipt) => ({ ...receipt, carrier: 'harbour-office' }))
  const screen = await open({ ...world, audit: { ...world.audit, carried }, receipts }, { route: 'sync' })
  const { page, host } = screen
  await page.getByText('5 entries of the log can travel by stick when there is no link.').waitFor()
  await page.getByLabel('Folder or stick').fill('/media/stick')
  await page.getByRole('button', { name: 'Put the log on the stick' }).click()
  await page.getByText('The stick carries the log.').waitFor()
  expect(host.asked.find(({ method }) => method === 'packs.handOver')?.input).toEqual({ folder: '/media/stick' })
  await page.goto(`${page.url().split('#')[0]}#/audit`)
  await page.getByText(/5 entries of this laptop \(no. 1,200 to 1,204\): on a stick since/).waitFor()
  await page.getByText('crew-laptop-1: 212 entries').waitFor()
  await page.getByText(/Entries are missing between what the server has and what was sent/).waitFor()
  await page
    .getByText(/carried by harbour-office/)
    .first()
    .waitFor()
  await checkScreen(screen, 'audit-by-stick')
})
