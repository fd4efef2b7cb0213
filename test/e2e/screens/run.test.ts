import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { ATTEST, CHECKS_FAILED } from '../../fixtures/scripted-host/run-data.ts'
import { RUN_SCENES, withRun } from '../../fixtures/scripted-host/scenes.ts'
import { type Screen, stage } from './harness.ts'

const { open } = stage()
const RUN = { route: 'runs/7f3b' }
const answers = (screen: Screen) => screen.host.asked.filter((call) => call.method === 'runs.answer')
const slider = (page: Page) => page.getByRole('slider', { name: 'Restart crane-07' })

async function drag(page: Page, share: number): Promise<void> {
  const track = await slider(page).boundingBox()
  if (!track) throw new Error('no slider')
  const y = track.y + track.height / 2
  await page.mouse.move(track.x + 20, y)
  await page.mouse.down()
  await page.mouse.move(track.x + 20 + (track.width - 64) * share, y, { steps: 12 })
  await page.mouse.up()
}

describe('an act that cannot be taken back', () => {
  test('is done by sliding all the way', async () => {
    const screen = await open(withRun(RUN_SCENES.hold), RUN)
    await drag(screen.page, 1)
    await expect
      .poll(() => answers(screen))
      .toEqual([{ method: 'runs.answer', input: { run: '7f3b', question: 'q-1', choice: 'go' } }])
  })

  test('is not done by sliding part of the way, by a click, or by a click at the far end', async () => {
    const screen = await open(withRun(RUN_SCENES.hold), RUN)
    await drag(screen.page, 0.9)
    await slider(screen.page).click()
    const box = await slider(screen.page).boundingBox()
    await slider(screen.page).click({ position: { x: (box?.width ?? 0) - 4, y: 10 } })
    await screen.page.waitForTimeout(300)
    expect(answers(screen)).toEqual([])
    expect(await slider(screen.page).getAttribute('aria-valuenow')).toBe('0')
  })

  test('is not done by Enter, Space, End or Page Up', async () => {
    const screen = await open(withRun(RUN_SCENES.hold), RUN)
    await slider(screen.page).focus()
    for (const key of ['Enter', ' ', 'End', 'PageUp']) await screen.page.keyboard.press(key)
    expect(answers(screen)).toEqual([])
    expect(await slider(screen.page).getAttribute('aria-valuenow')).toBe('0')
  })

  test('is done by keyboard alone: the right arrow, held', async () => {
    const screen = await open(withRun(RUN_SCENES.hold), RUN)
    await slider(screen.page).focus()
    for (let press = 0; press < 24; press++) await screen.page.keyboard.press('ArrowRight')
    expect(answers(screen)).toEqual([])
    await screen.page.keyboard.press('ArrowRight')
    await expect.poll(() => answers(screen).length).toBe(1)
  })

  test('goes back when the slide is left half way', async () => {
    const screen = await open(withRun(RUN_SCENES.hold), RUN)
    await slider(screen.page).focus()
    for (let press = 0; press < 10; press++) await screen.page.keyboard.press('ArrowRight')
    expect(await slider(screen.page).getAttribute('aria-valuenow')).toBe('40')
    await screen.page.keyboard.press('Tab')
    await expect.poll(() => slider(screen.page).getAttribute('aria-valuenow')).toBe('0')
  })
})

test('Escape stops nothing', async () => {
  const screen = await open(withRun(RUN_SCENES.writing), RUN)
  for (let press = 0; press < 3; press++) await screen.page.keyboard.press('Escape')
  await screen.page.waitForTimeout(200)
  expect(screen.host.asked.filter(({ method }) => method.startsWith('runs.'))).toEqual([])
})

test('an attestation wants the note that the plan wants, and sends it', async () => {
  const screen = await open(withRun(RUN_SCENES.attest), RUN)
  const button = screen.page.getByRole('button', { name: 'I confirm this' })
  await expect.poll(() => button.isDisabled()).toBe(true)
  await screen.page.getByLabel('What did you see?').fill('Looked from both sides, Ole keeps the gate.')
  await button.click()
  await expect
    .poll(() => answers(screen))
    .toEqual([
      {
        method: 'runs.answer',
        input: {
          run: '7f3b',
          question: ATTEST.id,
          choice: 'attest',
          note: 'Looked from both sides, Ole keeps the gate.',
        },
      },
    ])
})

test('a question offers what the host offers, and no more', async () => {
  const screen = await open(withRun(RUN_SCENES.attention), RUN)
  expect(await screen.page.getByRole('slider').count()).toBe(2)
  await screen.page.getByRole('button', { name: 'Check again' }).click()
  await expect
    .poll(() => answers(screen)[0]?.input)
    .toEqual({
      run: '7f3b',
      question: CHECKS_FAILED.id,
      choice: 'check-again',
    })
})

test('stopping is a wish: the screen says when it will be honoured', async () => {
  const screen = await open(withRun(RUN_SCENES.writing), RUN)
  await screen.page.getByRole('button', { name: 'Stop and keep 2.4.1' }).click()
  await screen.page.getByText('It stops at the next safe point.').waitFor()
  expect(await screen.page.getByRole('button', { name: 'Stop and keep 2.4.1' }).count()).toBe(0)
  expect(screen.host.asked.at(-1)).toEqual({ method: 'runs.cancel', input: { run: '7f3b' } })
})

test('an override is offered only where the plan allows it, wants a reason and a second person', async () => {
  const screen = await open(withRun(RUN_SCENES['awaiting-safe']), RUN)
  const overrides = screen.page.getByRole('button', { name: 'Override' })
  expect(await overrides.count()).toBe(1)
  await overrides.click()
  const confirm = screen.page.getByRole('button', { name: 'Override this condition' })
  await screen.page.getByLabel('Their passphrase').fill('correct horse battery staple')
  await expect.poll(() => confirm.isDisabled()).toBe(true)
  await screen.page.getByLabel('Why is it safe all the same?').fill('S4 is broken; boom seen locked.')
  await confirm.click()
  await expect
    .poll(() => screen.host.asked.at(-1))
    .toEqual({
      method: 'runs.override',
      input: {
        run: '7f3b',
        condition: 'boom-parked',
        reason: 'S4 is broken; boom seen locked.',
        second: { operator: 'jonas.weber', passphrase: 'correct horse battery staple' },
      },
    })
})

test('unknown is never called failed, and asks the device once more', async () => {
  const screen = await open(withRun(RUN_SCENES.unknown), RUN)
  await screen.page.getByRole('heading', { name: 'It is not known what crane-07 runs.' }).waitFor()
  expect(await screen.page.locator('main').innerText()).not.toMatch(/failed|not updated/i)
  await screen.page.getByRole('button', { name: 'Check again' }).click()
  await expect.poll(() => screen.host.asked.at(-1)).toEqual({ method: 'runs.checkAgain', input: { run: '7f3b' } })
})

test('ages go on between values, and progress follows the host', async () => {
  const screen = await open(withRun(RUN_SCENES.writing), RUN)
  const age = screen.page.locator('.condition-readings').first().locator('dd .quiet').first()
  const first = Number.parseFloat((await age.innerText()).replace(',', '.'))
  await expect.poll(async () => Number.parseFloat(await age.innerText())).toBeGreaterThan(first + 1)
  const { progress } = RUN_SCENES.writing
  screen.host.world.update((now) => ({
    ...now,
    runs: now.runs.map((run) =>
      run.id === '7f3b' && progress ? { ...run, progress: { ...progress, done: 1_800_000 } } : run,
    ),
  }))
  await screen.page.getByText('94 %').waitFor()
})

test('the next device is one touch away', async () => {
  const screen = await open(withRun(RUN_SCENES.succeeded), RUN)
  await screen.page.getByText('Next device: crane-08').waitFor()
  await screen.page.getByRole('button', { name: 'Start update' }).click()
  await expect
    .poll(() => screen.host.asked.at(-1))
    .toEqual({
      method: 'runs.start',
      input: { plan: 'crane-2.5.0', device: 'acme-crane:CR-0008' },
    })
})

test('people are called by their names, not by their ids', async () => {
  const screen = await open(withRun(RUN_SCENES.succeeded), { route: 'runs/7f3b/report' })
  const text = await screen.page.locator('main').innerText()
  expect(text).toContain('Kari Nordmann')
  expect(text).not.toContain('kari.nordmann')
})
