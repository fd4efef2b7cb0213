import { describe, expect, test } from 'vitest'
import { problem } from '../../fixtures/scripted-host/device-data.ts'
import * as scenes from '../../fixtures/scripted-host/scenes.ts'
import type { World } from '../../fixtures/scripted-host/world.ts'
import { checkScreen } from './checks.ts'
import { type ScreenOptions, stage } from './harness.ts'

const DEVICE = 'devices/acme-crane%3ACR-0007'
const { open } = stage()

type Shot = readonly [name: string, world: () => World, route: string]

const signedOut = () => ({ ...scenes.busy(), app: { ...scenes.busy().app, session: null } })

/** Every screen in its usual state. */
const SCREENS: readonly Shot[] = [
  ['site', scenes.busy, 'site'],
  ['device', scenes.busy, DEVICE],
  ['signals', scenes.busy, `${DEVICE}/signals`],
  ['health', scenes.busy, `${DEVICE}/health`],
  ['history', scenes.busy, `${DEVICE}/history`],
  ['find', scenes.busy, 'find'],
  ['doctor', scenes.busy, 'doctor/serial%3A%2Fdev%2FttyUSB3'],
  ['plans', scenes.busy, 'plans'],
  ['plan', scenes.busy, 'plans/crane-2.5.0'],
  ['artifact', scenes.busy, 'artifact'],
  ['artifact-on-board', scenes.busy, 'artifact/artifacts%2Fcrane-2.5.0.bin'],
  ['runs', scenes.busy, 'runs'],
  ['run', () => scenes.withRun(scenes.RUN_SCENES.writing), 'runs/7f3b'],
  ['report', () => scenes.withRun(scenes.RUN_SCENES.succeeded), 'runs/7f3b/report'],
  ['batch', scenes.busy, 'batches/b1'],
  ['sync', scenes.busy, 'sync'],
  ['audit', scenes.busy, 'audit'],
  ['settings-display', scenes.busy, 'settings/display'],
  ['settings-people', scenes.busy, 'settings/people'],
  ['settings-trust', scenes.busy, 'settings/trust'],
  ['settings-connections', scenes.busy, 'settings/connections'],
  ['settings-about', scenes.busy, 'settings/about'],
  ['start', scenes.firstStart, 'start'],
  ['sign-in', signedOut, 'start'],
  ['nowhere', scenes.busy, 'nowhere-at-all'],
]
/** Those that a person works with while something is at stake. */
const MOST = SCREENS.filter(([name]) => ['site', 'device', 'plan', 'run', 'sync'].includes(name))

/** The shots one after the other on one page, each checked whole: a failure names its shot. */
function shoot(variant: string, shots: readonly Shot[], options: ScreenOptions = {}): void {
  test(`looks right: ${variant}`, { timeout: 300_000 }, async () => {
    const screen = await open(scenes.busy(), options)
    for (const [name, world, route] of shots) {
      screen.become(world())
      await screen.go(route)
      await checkScreen(screen, `${name}-${variant}`)
    }
  })
}

describe('every screen', () => {
  shoot('day', SCREENS)
  shoot('night', SCREENS, { settings: { palette: 'night' } })
  shoot('de-1024', SCREENS, { settings: { language: 'de' }, width: 1024, height: 768 })
  shoot('zoom-200', SCREENS, { width: 640, height: 400 })
})

describe('the screens of the work, in every light, size and language', () => {
  shoot('dusk', MOST, { settings: { palette: 'dusk' } })
  shoot('bright', MOST, { settings: { palette: 'bright' } })
  shoot('gloves', MOST, { settings: { size: 'large' } })
  shoot('xl-de', MOST, { settings: { size: 'xl', language: 'de' } })
  shoot('xl-night-1024', MOST, { settings: { size: 'xl', palette: 'night' }, width: 1024, height: 768 })
  shoot('es', MOST, { settings: { language: 'es' } })
  shoot('no', MOST, { settings: { language: 'no' } })
})

describe('states', () => {
  const runs = Object.entries(scenes.RUN_SCENES).map(
    ([state, run]) => [`run-${state}`, () => scenes.withRun(run), 'runs/7f3b'] as const,
  )
  const syncs = Object.entries(scenes.SYNC_SCENES).map(
    ([state, sync]) => [`sync-${state}`, () => ({ ...scenes.busy(), sync }), 'sync'] as const,
  )
  shoot('of-a-run', runs)
  shoot('of-a-run-night', runs, { settings: { palette: 'night' } })
  shoot('of-a-sync', syncs)
})

/** What each screen is about, by the watch that brings it. */
const ABOUT: readonly (readonly [route: string, watch: string])[] = [
  ['site', 'site.page'],
  [DEVICE, 'devices.one'],
  ['plans', 'plans.page'],
  ['plans/crane-2.5.0', 'plans.one'],
  ['runs', 'runs.list'],
  ['runs/7f3b', 'runs.one'],
  ['sync', 'sync.state'],
  ['audit', 'audit.state'],
  ['settings/trust', 'trust.state'],
]

describe('what is not there yet, and what is refused', () => {
  test.each(ABOUT)('%s: a refusal is a screen that explains itself', async (route, watch) => {
    const screen = await open(scenes.busy(), {
      route,
      prepare: (host) => host.failing.set(watch, problem('store.corrupt')),
    })
    await screen.page.getByText('The database on this laptop is damaged.').first().waitFor()
    await checkScreen(screen, `refused-${watch}`)
  })

  test.each(ABOUT)('%s: a value on its way shows itself only after a while', async (route, watch) => {
    const screen = await open(scenes.busy(), { route, prepare: (host) => host.silent.add(watch) })
    const skeleton = screen.page.locator('.skeleton').first()
    await skeleton.waitFor()
    await expect.poll(() => skeleton.evaluate((element) => getComputedStyle(element).opacity)).toBe('1')
    expect(screen.complaints).toEqual([])
  })
})

describe('nothing, much and long', () => {
  const routes = ['site', 'plans', 'runs', 'sync', 'audit', 'settings/connections', 'find', 'doctor']
  shoot(
    'empty',
    routes.map((route) => [route.replace('/', '-'), scenes.empty, route]),
  )
  shoot('thousands', [['site', () => scenes.thousands(), 'site']])
  const long: Shot[] = ['site', DEVICE, 'runs', 'runs/7f3b'].map((route) => [
    route.slice(0, 6),
    scenes.longNames,
    route,
  ])
  shoot('long', long)
  shoot('long-de-1024', long, { width: 1024, height: 768, settings: { language: 'de' } })
  const alarm: Shot[] = [
    ['site', scenes.alarm, 'site'],
    ['run', scenes.alarm, 'runs/7f3b'],
  ]
  shoot('alarm', alarm)
  shoot('alarm-night', alarm, { settings: { palette: 'night' } })
  shoot('demo', [['site', scenes.demo, 'site']])
  shoot('demo-1024', [['site', scenes.demo, 'site']], { width: 1024, height: 768 })
})
