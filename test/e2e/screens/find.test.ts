import { expect, test } from 'vitest'
import { problem } from '../../fixtures/scripted-host/device-data.ts'
import { EXAMINATION, SEARCHES } from '../../fixtures/scripted-host/finding-data.ts'
import * as scenes from '../../fixtures/scripted-host/scenes.ts'
import { checkScreen } from './checks.ts'
import { type Screen, stage } from './harness.ts'

const { open } = stage()
const PORT = 'serial:/dev/ttyUSB3'
const asked = ({ host }: Screen, wanted: string) => host.asked.filter(({ method }) => method === wanted)

test('from the site to a search of the network, stopped, and to what it found', async () => {
  const screen = await open({ ...scenes.busy(), search: SEARCHES.idle }, { route: 'site' })
  const { page, host } = screen
  await page.getByRole('link', { name: 'Find devices' }).click()
  await page.getByText('Search 10.0.4.0/24').click()
  await expect.poll(() => asked(screen, 'devices.startSearch').at(-1)?.input).toEqual({ network: '10.0.4.0/24' })
  host.world.update((now) => ({ ...now, search: SEARCHES.searching }))
  await page.getByText('214 of 506 knocks, at most 40 a second. 1 answer.').waitFor()
  await checkScreen(screen, 'find-searching')
  await page.getByText('Stop the search').click()
  await page.getByText(/was stopped after/).waitFor()
  expect(asked(screen, 'devices.stopSearch')).toHaveLength(1)
  host.world.update((now) => ({ ...now, search: SEARCHES.done }))
  await page.getByText('10.0.4.0/24 was searched: 3 answers.').waitFor()
  await page.getByText('Add http://10.0.4.101:8080').click()
  await page.getByText('Added. It is looked at from now on.').waitFor()
  expect(asked(screen, 'devices.addAddress').at(-1)?.input).toEqual({ address: 'http://10.0.4.101:8080' })
  await checkScreen(screen, 'find-found')
})

test('another network by its name, refused with the reason; no network at all', async () => {
  const screen = await open({ ...scenes.busy(), search: SEARCHES.empty }, { route: 'find' })
  const { page, host } = screen
  await page.getByText('Nobody answers there at udp 1337, http 8080.').waitFor()
  host.failing.set('devices.startSearch', problem('link.not-searchable', { network: '8.8.8.0/24' }))
  await page.getByRole('radio', { name: 'Another' }).check()
  await page.getByRole('textbox', { name: 'Network' }).fill('8.8.8.0/24')
  await page.getByText('Search 8.8.8.0/24').click()
  await page.getByText('That network is not searched: 8.8.8.0/24.').waitFor()
  await checkScreen(screen, 'find-refused')
})

test('an address is asked who is there; from silence to the doctor', async () => {
  const screen = await open(scenes.busy(), { route: 'find', settings: { palette: 'night' } })
  const { page } = screen
  const field = page.getByLabel('Address to ask')
  await field.fill('serial:/dev/ttyUSB7')
  await page.getByText('Ask who is there').click()
  await page.getByText('This is acme-crane:CR-0007.').waitFor()
  await field.fill('udp://10.0.4.9:1337')
  await field.press('Enter')
  await page.getByText('The device does not answer.', { exact: true }).waitFor()
  await checkScreen(screen, 'find-silence-night')
  await page.getByRole('link', { name: 'Examine udp://10.0.4.9:1337' }).first().click()
  await page.getByText('Examination of udp://10.0.4.9:1337').waitFor()
  expect(asked(screen, 'doctor.examine').at(-1)?.input).toEqual({ address: 'udp://10.0.4.9:1337' })
})

test('the doctor: findings, a report to copy, a rule to write', async () => {
  const screen = await open(scenes.busy(), { route: 'doctor' })
  const { page } = screen
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByText('Examination of this laptop').waitFor()
  await page.getByLabel('Address').fill(PORT)
  await page.getByText('Examine', { exact: true }).click()
  await page.getByText('The program picocom (process 4711) has /dev/ttyUSB3 open.').waitFor()
  await page.getByText('Copy the report').click()
  await page.getByText('Copied').waitFor()
  const report = await page.evaluate(() => navigator.clipboard.readText())
  expect(report).toMatch(/^Examination of serial:\/dev\/ttyUSB3\n/)
  expect(report).toContain('[keeps it away] The program picocom (process 4711) has /dev/ttyUSB3 open.')
  expect(report).toContain('ATTRS{idVendor}=="0403"')
  await page.getByText('Write the rule', { exact: true }).click()
  await page.getByText(/The rule is written: \/etc\/udev/).waitFor()
  expect(asked(screen, 'doctor.writeRule').at(-1)?.input).toEqual({ address: PORT })
  await checkScreen(screen, 'doctor-rule')
  const before = asked(screen, 'doctor.examine').length
  await page.getByText('Examine again').click()
  await expect.poll(() => asked(screen, 'doctor.examine').length).toBe(before + 1)
})

test('the doctor on a device, with very long words, for gloves, at night, in German', async () => {
  const said = 'x'.repeat(80)
  const path = `/dev/serial/by-id/${'usb-FTDI_Quad_RS232-HS_'.repeat(6)}if00`
  const findings = [
    { code: 'other-talk', level: 'fault', detail: { said } } as const,
    { code: 'port-held', level: 'fault', detail: { path, program: 'a-very-long-name', pid: '4194304' } } as const,
    ...EXAMINATION.findings,
  ]
  const rule = { file: `/etc/udev/rules.d/${'long-'.repeat(20)}.rules`, text: 'y'.repeat(300), writable: false }
  const screen = await open(
    { ...scenes.busy(), examination: { ...EXAMINATION, findings, rule } },
    {
      route: 'devices/acme-crane%3ACR-0007/doctor',
      settings: { language: 'de', size: 'xl', palette: 'night' },
      width: 1024,
      height: 768,
    },
  )
  await screen.page.getByText(/Auf dieser Leitung spricht etwas anderes/).waitFor()
  await checkScreen(screen, 'doctor-long-xl-night-de')
})

test('an examination that is refused explains itself; one on its way shows so', async () => {
  const screen = await open(scenes.busy(), {
    route: 'doctor/nowhere',
    prepare: (host) => host.failing.set('doctor.examine', problem('link.bad-address', { address: 'nowhere' })),
  })
  await screen.page.getByText('That is not an address: nowhere.').waitFor()
  await checkScreen(screen, 'doctor-refused')
})
