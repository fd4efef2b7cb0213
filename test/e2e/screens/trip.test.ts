import { expect, test } from 'vitest'
import { busy } from '../../fixtures/scripted-host/scenes.ts'
import { NOW } from '../../fixtures/scripted-host/time.ts'
import { checkScreen } from './checks.ts'
import { stage } from './harness.ts'

const { open } = stage()
const day = (days: number) => new Date(NOW + days * 86_400_000).toISOString().slice(0, 10)

test('a date is asked about, and what does not last says how it is mended', async () => {
  const screen = await open(busy(), { route: 'sync' })
  const { page, host } = screen
  await page.getByLabel('Back on').fill(day(30))
  await page.getByText(/2 things do not last until/).waitFor()
  await page.getByText('Plan winch-4.2.0').waitFor()
  await page.getByText(/Fetch it: 3\.1\sMB\./).waitFor()
  await checkScreen(screen, 'sync-trip')
  await page.getByLabel('Back on').fill(day(1))
  await page.getByText(/All of it lasts until/).waitFor()
  const asked = host.asked.filter(({ method }) => method === 'site.trip').at(-1)
  expect(asked?.input).toEqual({ until: expect.any(Number) })
})
