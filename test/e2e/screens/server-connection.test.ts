import { expect, test } from 'vitest'
import { problem } from '../../fixtures/scripted-host/device-data.ts'
import { busy } from '../../fixtures/scripted-host/scenes.ts'
import { checkScreen } from './checks.ts'
import { stage } from './harness.ts'

const { open } = stage()

test('a certificate for the server is set, refused in words, and removed', async () => {
  const screen = await open(busy(), { route: 'settings/trust' })
  const { page, host } = screen
  await page.getByRole('button', { name: 'Set a certificate' }).click()
  const dialog = page.getByRole('dialog')
  const store = dialog.getByRole('button', { name: 'Store' })
  expect(await store.isDisabled()).toBe(true)
  await dialog.getByLabel('Certificate file').fill('/media/stick/laptop-7.pem')
  expect(await store.isDisabled()).toBe(true)
  await dialog.getByLabel('Key file').fill(' /media/stick/laptop-7.key ')
  host.failing.set('sync.setConnection', problem('sync.bad-certificate', { why: 'key-of-another' }))
  await store.click()
  await dialog.getByText(/The certificate or key cannot be used/).waitFor()
  await checkScreen(screen, 'server-certificate-refused')

  host.failing.delete('sync.setConnection')
  await store.click()
  await dialog.waitFor({ state: 'detached' })
  expect(host.asked.findLast(({ method }) => method === 'sync.setConnection')?.input).toEqual({
    certificate: '/media/stick/laptop-7.pem',
    key: '/media/stick/laptop-7.key',
  })
  await page.getByText('CN=laptop-7.quay4.example').waitFor()
  await page.getByRole('button', { name: 'Remove the certificate' }).scrollIntoViewIfNeeded()
  await checkScreen(screen, 'server-certificate-set')
  await page.getByRole('button', { name: 'Remove the certificate' }).click()
  await page.getByText('CN=laptop-7.quay4.example').waitFor({ state: 'detached' })
})

test('authorities with long names, and a proxy, by night', async () => {
  const authority = (n: number) => ({
    subject: `CN=Acme Service Root Authority for Devices, Ships and Remote Sites ${n}, OU=Field Engineering, O=Acme Service, C=NO`,
    issuer: 'CN=itself',
    until: Date.UTC(2031, 1, n),
    fingerprint: `${n}`.repeat(64),
  })
  const connection = { authorities: [1, 2, 3].map(authority), own: null, proxy: 'http://proxy.ship.example:3128' }
  const screen = await open({ ...busy(), connection }, { route: 'settings/trust', settings: { palette: 'night' } })
  await screen.page.getByText('http://proxy.ship.example:3128').scrollIntoViewIfNeeded()
  await checkScreen(screen, 'server-authorities-night')
  await screen.page.getByRole('button', { name: 'Back to the usual ones' }).click()
  await expect
    .poll(() => screen.host.asked.findLast(({ method }) => method === 'sync.setConnection')?.input)
    .toEqual({ authorities: null })
})
