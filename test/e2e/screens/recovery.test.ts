import { expect, test } from 'vitest'
import { problem } from '../../fixtures/scripted-host/device-data.ts'
import * as scenes from '../../fixtures/scripted-host/scenes.ts'
import { WAITING, WAITING_FOR_NOBODY, WAITING_FOR_TWO } from '../../fixtures/scripted-host/waiting-data.ts'
import { mouse } from '../demo/mouse.ts'
import { checkScreen } from './checks.ts'
import { type Screen, stage } from './harness.ts'

const { open } = stage()
const asked = ({ host }: Screen) =>
  host.asked.filter(({ method }) => method === 'devices.claim').map(({ input }) => input)
const routeOf = (address: string) => `recovery/${encodeURIComponent(address)}`

test('from the site to the plate, and on to the device that it names', async () => {
  const screen = await open({ ...scenes.busy(), waiting: [WAITING] }, { route: 'site' })
  const { page, host } = screen
  await page.getByText('Crane controller waits in its boot loader').waitFor()
  await checkScreen(screen, 'recovery-site')
  await page.getByRole('link', { name: 'See what can be done' }).click()
  await page.getByRole('heading', { name: 'This device waits in its boot loader' }).waitFor()
  await checkScreen(screen, 'recovery')
  const slider = page.getByRole('slider')
  expect(await slider.getAttribute('aria-disabled')).toBe('true')

  host.failing.set('devices.claim', problem('device.unknown-serial', { serial: 'CR-0070' }))
  await page.getByLabel('Serial number on the plate').fill('CR-0070')
  await mouse(page).slide(page.getByRole('slider', { name: 'This is CR-0070' }))
  await page.getByText('No device of this type is known here by that serial number: CR-0070.').waitFor()
  await checkScreen(screen, 'recovery-refused')
  host.failing.delete('devices.claim')
  await page.getByLabel('Serial number on the plate').fill(' CR-0007 ')
  await mouse(page).slide(page.getByRole('slider', { name: 'This is CR-0007' }))
  await page.getByRole('heading', { name: 'crane-07' }).waitFor()
  expect(asked(screen).at(-1)).toEqual({ address: WAITING.address, plan: 'rescue', serial: 'CR-0007' })
})

test('two read the plate, each for themselves; by night, and the plan of choice', async () => {
  const screen = await open(
    { ...scenes.busy(), waiting: [WAITING_FOR_TWO] },
    { route: routeOf(WAITING_FOR_TWO.address), settings: { palette: 'night' } },
  )
  const { page } = screen
  await page.getByText('The second person reads the plate as well').waitFor()
  await checkScreen(screen, 'recovery-two-night')
  await page.getByLabel('Serial number on the plate').fill('CR-0007')
  const slider = page.getByRole('slider', { name: 'This is CR-0007' })
  expect(await slider.getAttribute('aria-disabled')).toBe('true')
  await page.getByLabel('Passphrase', { exact: false }).first().fill('their own words')
  await page.getByLabel('Serial number, read by the second person').fill('CR-0007')
  await mouse(page).slide(slider)
  await page.getByRole('heading', { name: 'crane-07' }).waitFor()
  expect(asked(screen).at(-1)).toMatchObject({
    plan: 'rescue',
    second: { passphrase: 'their own words', serial: 'CR-0007' },
  })
})

test('nobody may name it: what it could be, what stands beside it, and whom to ask', async () => {
  const screen = await open(
    { ...scenes.busy(), waiting: [WAITING_FOR_NOBODY] },
    { route: routeOf(WAITING_FOR_NOBODY.address), settings: { language: 'de' }, width: 1024, height: 768 },
  )
  const { page, host } = screen
  await page.getByText('Kein Plan an Bord lässt jemanden sagen, welches Gerät das ist').waitFor()
  expect(await page.getByRole('slider').count()).toBe(0)
  await checkScreen(screen, 'recovery-nobody-de')
  host.world.update((now) => ({ ...now, waiting: [] }))
  await page.getByRole('heading', { name: 'Hier wartet kein Bootloader mehr' }).waitFor()
  await checkScreen(screen, 'recovery-gone-de')
})

test('a device on somebody’s word says so, and lets it be taken back', async () => {
  const world = scenes.busy()
  const claim = { how: 'plate', plan: 'rescue', by: 'kari', second: 'ole', at: 1 } as const
  const devices = world.devices.map((device) => (device.key === 'acme-crane:CR-0007' ? { ...device, claim } : device))
  const screen = await open({ ...world, devices }, { route: `devices/${encodeURIComponent('acme-crane:CR-0007')}` })
  const { page, host } = screen
  await page.getByText('It is this device by its plate').waitFor()
  await checkScreen(screen, 'recovery-claimed')
  await page.getByRole('button', { name: 'It is another device' }).click()
  await expect
    .poll(() => host.asked.find(({ method }) => method === 'devices.disclaim')?.input)
    .toEqual({ device: 'acme-crane:CR-0007' })
})
