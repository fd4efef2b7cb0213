import { describe, expect, test } from 'vitest'
import { problem, toUpdate } from '../../fixtures/scripted-host/device-data.ts'
import * as scenes from '../../fixtures/scripted-host/scenes.ts'
import { NOW } from '../../fixtures/scripted-host/time.ts'
import { stage } from './harness.ts'

const { open } = stage()

describe('the chips', () => {
  test.each([
    ['Offline 6 d', '#/sync'],
    ['Trust good 38 d', '#/settings/trust'],
    ['1 needs you', '#/runs'],
    ['5 to upload', '#/audit'],
  ])('%s leads to what it is about', async (text, hash) => {
    const { page } = await open(scenes.busy(), { route: 'plans' })
    await page.locator('.chip', { hasText: text }).click()
    await expect.poll(() => new URL(page.url()).hash).toBe(hash)
  })

  test('follow the host', async () => {
    const { page, host } = await open(scenes.busy(), { route: 'site' })
    host.world.update((now) => ({
      ...now,
      app: {
        ...now.app,
        network: { state: 'online', lastContact: NOW },
        trust: { state: 'renew-soon', until: NOW + 5 * 86_400_000 + 3_600_000, limit: 'offline-limit', reason: null },
        runs: { active: 2, needPerson: 0, writing: true },
        audit: { toUpload: 0, broken: false },
      },
    }))
    const chips = page.locator('.chip .chip-text')
    await expect
      .poll(() => chips.allInnerTexts())
      .toEqual(['Online', 'Renew soon 5\u00a0d', '2 running', 'All uploaded'])
  })
})

test("the date is the host's, at once and whatever the clock of this machine says", async () => {
  const { page, host } = await open(scenes.busy(), { route: 'site' })
  const trust = page.locator('.chip', { hasText: 'Trust good' })
  await expect.poll(() => trust.innerText()).toContain('38\u00a0d')
  host.world.update((now) => ({ ...now, app: { ...now.app, now: NOW + 3 * 86_400_000 } }))
  await expect.poll(() => trust.innerText()).toContain('35\u00a0d')
})

describe('alerts', () => {
  test('an alarm stands across every screen until a person has acknowledged it', async () => {
    const { page, host } = await open(scenes.alarm(), { route: 'settings/about' })
    const strip = page.locator('.alarm-strip')
    await strip.getByText('Do not use the machine.').waitFor()
    await page.reload()
    await strip.waitFor()
    await strip.getByRole('button', { name: 'Acknowledge' }).click()
    await expect.poll(() => strip.count()).toBe(0)
    expect(host.asked.at(-1)).toEqual({ method: 'alerts.acknowledge', input: { alert: 'a1' } })
  })

  test('the list has all of them, the newest first, and leads to what each is about', async () => {
    const { page } = await open(scenes.alarm(), { route: 'plans' })
    await page.getByRole('button', { name: '3 alerts, 2 not acknowledged' }).click()
    const rows = page.getByRole('dialog').locator('.alert-row')
    expect(await rows.locator('p strong').allInnerTexts()).toEqual(['Alarm', 'Warning', 'Caution'])
    await rows.first().getByRole('button', { name: 'Show' }).click()
    await expect.poll(() => new URL(page.url()).hash).toBe('#/runs/7f3b')
    expect(await page.getByRole('dialog').count()).toBe(0)
  })
})

describe('the connection', () => {
  test('when it is lost the last values stay, and the page says from when they are', async () => {
    const { page, host } = await open(scenes.busy(), { route: 'site' })
    host.drop()
    await page
      .getByText(
        /No connection to the engine\. Updates go on without this window\. What you see is from \d\d:\d\d:\d\d\./,
      )
      .waitFor()
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('12 of 18 devices')
    host.answer()
    await expect.poll(() => page.getByText('No connection to the engine').count()).toBe(0)
  })

  test('the token leaves the address at once, and a reload needs no new one', async () => {
    const { page, host, go } = await open(scenes.busy())
    const token = new URL(host.url).hash.slice(1)
    await page.evaluate(() => sessionStorage.clear())
    await page.goto('about:blank')
    await page.goto(host.url)
    await page.locator('main h1').waitFor()
    expect(page.url()).not.toContain(token)
    await go('runs')
    await page.reload()
    await page.getByRole('heading', { name: 'Runs' }).waitFor()
    expect(page.url()).toMatch(/#\/runs$/)
  })

  test('a window without the right key says so and does not pretend', async () => {
    const { page, host } = await open(scenes.busy())
    await page.goto('about:blank')
    await page.goto(host.url.replace(/#.*/, '#stolen'))
    await page.getByText('This window cannot be used any more').waitFor()
    expect(host.mishaps).toEqual([])
  })

  test('a refused act explains itself where it was tried', async () => {
    const { page, host } = await open(scenes.busy(), { route: 'site' })
    host.failing.set('runs.start', problem('people.lease-ended', { until: NOW }))
    await page.locator('.board-row', { hasText: 'crane-08' }).getByRole('button', { name: 'Start update' }).click()
    const note = page.getByRole('alert').filter({ hasText: 'Your permission ended' })
    await note.getByText('ask the publisher to renew it').waitFor()
    await note.getByText('Detail for support').click()
    expect(await note.getByText('E-PEOPLE-LEASE-ENDED').isVisible()).toBe(true)
  })
})

describe('light, size and language', () => {
  test('a palette is asked of the host and seen at once, also after a reload before the host has spoken', async () => {
    const { page, host } = await open(scenes.busy(), { route: 'site' })
    await page.getByRole('button', { name: 'Light and size' }).click()
    await page.getByLabel('Night').check()
    await expect.poll(() => page.locator('html').getAttribute('data-obc-theme')).toBe('night')
    expect(host.asked.at(-1)).toEqual({ method: 'settings.set', input: { palette: 'night' } })
    host.drop()
    await page.reload({ waitUntil: 'domcontentloaded' })
    await page.locator('.top-bar').waitFor()
    expect(await page.locator('html').getAttribute('data-obc-theme')).toBe('night')
  })

  test('a long press on the palette button switches the glove size', async () => {
    const { page } = await open(scenes.busy(), { route: 'site' })
    const button = page.getByRole('button', { name: 'Light and size' })
    await button.hover()
    await page.mouse.down()
    await expect.poll(() => page.locator('html').getAttribute('data-size')).toBe('large')
    await page.mouse.up()
    expect(await page.getByLabel('Night').isVisible()).toBe(false)
  })

  test('every word follows the language', async () => {
    const { page } = await open(scenes.busy(), { route: 'settings/display' })
    // The button moves when the host has said so, not at the press.
    await page.getByLabel('Deutsch').click()
    await page.getByRole('heading', { name: 'Einstellungen' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('de-DE')
  })
})

describe('the keyboard', () => {
  test('goes places with two keys, and lists them', async () => {
    const { page } = await open(scenes.busy(), { route: 'site' })
    for (const [key, hash] of [
      ['p', '#/plans'],
      ['r', '#/runs'],
      ['y', '#/sync'],
      ['u', '#/audit'],
      ['e', '#/settings/display'],
      ['s', '#/site'],
    ] as const) {
      await page.keyboard.press('g')
      await page.keyboard.press(key)
      await expect.poll(() => new URL(page.url()).hash).toBe(hash)
    }
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  })

  test('does not go places while somebody types', async () => {
    const { page } = await open(scenes.busy(), { route: 'site' })
    await page.keyboard.press('/')
    await page.keyboard.type('gp crane-08')
    expect(new URL(page.url()).hash).toBe('#/site')
  })

  test('reaches everything that can be pressed, on every screen, and the focus is always seen', async () => {
    const { page, go } = await open(scenes.busy(), { route: 'site' })
    for (const route of ['site', 'plans/crane-2.5.0', 'runs/7f3b', 'sync', 'audit', 'settings/people']) {
      await go(route)
      const unreached = await page.evaluate(unreachable)
      expect(unreached, route).toEqual([])
    }
  })
})

/** Runs in the page: what is visible and can be pressed, but is left out of the tab order. */
function unreachable(): string[] {
  const inShadow = (root: ParentNode): Element[] =>
    [...root.querySelectorAll('*')].flatMap((element) => [
      element,
      ...(element.shadowRoot ? inShadow(element.shadowRoot) : []),
    ])
  return inShadow(document)
    .filter((element) => element.matches('a[href], button, input, textarea, select, summary, [role=slider]'))
    .filter((element) => element.checkVisibility() && !(element as HTMLButtonElement).disabled)
    .filter((element) => (element as HTMLElement).tabIndex < 0)
    .map((element) => element.outerHTML.slice(0, 120))
}

test('a screen that fails leaves the frame and the other screens as they are', async () => {
  const { page } = await open(scenes.withRun(scenes.RUN_SCENES.hold), { route: 'runs' })
  await page.evaluate(() => {
    Element.prototype.scrollIntoView = () => {
      throw new Error('broken on purpose')
    }
  })
  await page.evaluate(() => {
    location.hash = '#/runs/7f3b'
  })
  await page.getByRole('heading', { name: 'This screen could not be shown' }).waitFor()
  expect(await page.locator('.chip').count()).toBeGreaterThan(3)
  await page.getByRole('link', { name: 'Plans' }).click()
  await page.getByRole('heading', { level: 1, name: 'Plans' }).waitFor()
})

test('a device that was just connected asks to be started by one touch', async () => {
  const { page, host } = await open(scenes.busy(), { route: 'site' })
  host.world.update((now) => ({
    ...now,
    board: { ...now.board, rows: [...now.board.rows, toUpdate('acme-crane', 42)] },
  }))
  const card = page.locator('.arrival', { hasText: 'This is crane-42. Crane controller 2.5.0 fits.' })
  await card.getByRole('button', { name: 'Start update' }).click()
  await expect
    .poll(() => host.asked.at(-1))
    .toEqual({
      method: 'runs.start',
      input: { plan: 'crane-2.5.0', device: 'acme-crane:CR-0042' },
    })
})

test('a plan for two people asks for the second one before anything starts', async () => {
  const { page, host } = await open(scenes.busy(), { route: 'site' })
  host.failing.set('runs.start', problem('people.second-person-needed'))
  await page.locator('.board-row', { hasText: 'winch-01' }).getByRole('button', { name: 'Start update' }).click()
  const dialog = page.getByRole('dialog', { name: 'A second person is needed' })
  host.failing.clear()
  await dialog.getByLabel('Their passphrase').fill('four words that fit')
  await dialog.getByRole('button', { name: 'Start with two people' }).click()
  await expect
    .poll(() => host.asked.at(-1))
    .toEqual({
      method: 'runs.start',
      input: {
        plan: 'winch-4.2.0',
        device: 'acme-winch:WN-0001',
        second: { operator: 'jonas.weber', passphrase: 'four words that fit' },
      },
    })
})
