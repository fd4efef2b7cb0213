import { expect, test } from 'vitest'
import type { Inspection } from '../../../shared/contract/artifacts.ts'
import { problem } from '../../fixtures/scripted-host/device-data.ts'
import { BROKEN, INSPECTION, STRANGER } from '../../fixtures/scripted-host/inspection-data.ts'
import * as scenes from '../../fixtures/scripted-host/scenes.ts'
import { checkScreen } from './checks.ts'
import { type Screen, stage } from './harness.ts'

const { open } = stage()

const knows = (inspection: Inspection) => ({ ...scenes.busy(), inspection })
const verdict = ({ page }: Screen) => page.locator('main [role=status] .notice-title').first()

async function choose({ page }: Screen, name: string, size: number): Promise<void> {
  await page.locator('input[type=file]').setInputFiles({
    name,
    mimeType: 'application/octet-stream',
    buffer: Buffer.alloc(size, 7),
  })
}

test('from a plan to what its file is, without a device being touched', async () => {
  const screen = await open(scenes.busy(), { route: 'plans/crane-2.5.0' })
  await screen.page.getByRole('link', { name: 'What is in it?' }).click()
  await expect
    .poll(() => verdict(screen).textContent())
    .toBe('This is app 2.5.0 for acme-crane, as the publisher signed it.')
  const main = await screen.page.locator('main').innerText()
  expect(main).toContain('MCUboot image')
  expect(main).toContain('image 1 >= 1.2.3')
  expect(main).toContain('Signature inside: good, acme-release-2026')
  await checkScreen(screen, 'artifact-from-plan')
  expect(screen.host.asked.filter(({ method }) => method.startsWith('artifacts.'))).toEqual([
    { method: 'artifacts.inspect', input: { target: 'artifacts/crane-2.5.0.bin' } },
  ])
  await screen.page.getByRole('link', { name: 'Crane controller 2.5.0' }).click()
  await expect.poll(() => screen.page.url()).toMatch(/#\/plans\/crane-2\.5\.0$/)
})

test('any file, part by part, from the list of plans', async () => {
  const screen = await open(knows(STRANGER), { route: 'plans' })
  await screen.page.getByText('What is this file?').click()
  const size = 1_300_000
  await choose(screen, STRANGER.name, size)
  await expect.poll(() => verdict(screen).textContent()).toBe('The signature inside the image does not fit.')
  const parts = screen.host.asked.flatMap(({ method, input }) =>
    method === 'artifacts.part' ? [input as { file: string; offset: number; length: number; bytes: string }] : [],
  )
  expect(parts.map(({ offset, length }) => [offset, length])).toEqual([
    [0, size],
    [524_288, size],
    [1_048_576, size],
  ])
  expect(new Set(parts.map(({ file }) => file)).size).toBe(1)
  expect(Buffer.concat(parts.map(({ bytes }) => Buffer.from(bytes, 'base64'))).equals(Buffer.alloc(size, 7))).toBe(true)
  await checkScreen(screen, 'artifact-stranger')
  // The same file again is a wish to look again.
  await choose(screen, STRANGER.name, 0)
  await expect.poll(() => screen.host.asked.filter(({ method }) => method === 'artifacts.part').length).toBe(4)
})

const STATES: readonly (readonly [name: string, inspection: Inspection, title: string])[] = [
  ['broken', BROKEN, 'The file to install cannot be understood.'],
  ['unpublished', { ...INSPECTION, published: [], plans: [] }, 'MCUboot image. No plan on board names this file.'],
  [
    'confirmed',
    { ...INSPECTION, facts: INSPECTION.facts && { ...INSPECTION.facts, trailer: 'permanent' as const } },
    'The image orders the boot loader to keep it for good.',
  ],
]

test.each(STATES)('a file that is %s', async (name, inspection, title) => {
  const screen = await open(knows(inspection), { route: 'artifact', settings: { palette: 'night' } })
  await choose(screen, inspection.name, 100)
  await expect.poll(() => verdict(screen).textContent()).toBe(title)
  await checkScreen(screen, `artifact-${name}-night`)
})

test('in German, in glove size, on a small window', async () => {
  const screen = await open(knows(STRANGER), {
    route: 'artifact',
    settings: { language: 'de', size: 'xl' },
    width: 1024,
    height: 768,
  })
  await choose(screen, STRANGER.name, 100)
  await expect.poll(() => verdict(screen).textContent()).toContain('Signatur')
  await checkScreen(screen, 'artifact-stranger-xl-de')
})

test('a disk that is full while the file is handed over is told, and another file can be tried', async () => {
  const screen = await open(scenes.busy(), { route: 'artifact' })
  screen.host.failing.set('artifacts.part', problem('disk.full'))
  await choose(screen, 'a.bin', 10)
  await expect.poll(() => screen.page.locator('main [role=alert]').textContent()).toContain('disk')
  screen.host.failing.delete('artifacts.part')
  await choose(screen, 'a.bin', 10)
  await expect.poll(() => verdict(screen).textContent()).toContain('as the publisher signed it')
})
