import { expect, test } from 'vitest'
import type { ProfileInput } from '../../shared/model/profile.ts'
import { until } from '../fixtures/whole/watching.ts'
import { badPath } from './swupdate/bad-path.ts'
import { type Bench, MACHINE, swupdateBench } from './swupdate/console.ts'
import type { SwupdateDaemon } from './swupdate/daemon.ts'
import { otherRestart, otherUpload } from './swupdate/other-client.ts'

/** The real daemon when things go wrong: it is busy, it falls silent, it dies, the path to it damages bytes. */

const impatient = (profile: ProfileInput): ProfileInput => ({
  ...profile,
  timing: { restartWithin: '40s', stallAfter: '6s' },
})
const good = (daemon: SwupdateDaemon) => daemon.package(MACHINE.to, { size: 3_000_000 })
const held = (daemon: SwupdateDaemon) => daemon.package(MACHINE.to, { size: 3_000_000, held: true })

/** The codes of the acts that failed, in order. */
const failures = async (bench: Bench, run: string) =>
  (await bench.audited(run)).flatMap(({ detail }) => {
    const { code, detail: facts } = (detail.error ?? {}) as { code?: string; detail?: Record<string, unknown> }
    return code === undefined ? [] : [{ code, reason: facts?.reason }]
  })

test("while somebody else's installation runs it waits, and takes nothing of it for its own", async (context) => {
  const bench = await swupdateBench(context, good)
  const { daemon } = bench
  const other = otherUpload(daemon, await daemon.package('3.1.5', { size: 2_000_000 }), 5000)
  await expect.poll(() => daemon.log()).toContain('Incoming network request')
  const run = await bench.start()
  const done = await bench.end(run)
  await other
  expect(done).toMatchObject({ phase: 'succeeded', result: { device: 'runs-new', readBack: { system: MACHINE.to } } })
  expect(await failures(bench, run)).toContainEqual({ code: 'device.busy', reason: 'installing' })
  expect(daemon.log().match(/SWUPDATE successful !/g)?.length).toBeGreaterThanOrEqual(2)
})

test('somebody else who takes too long: busy is what it says, and nothing is blamed on the package', async (context) => {
  const bench = await swupdateBench(context, good, { profile: impatient })
  const { daemon } = bench
  await otherUpload(daemon, await daemon.package('3.1.5', { held: true }), 100)
  await expect.poll(() => daemon.isHolding()).toBe(true)
  const before = daemon.slotHash()
  const run = await bench.start()
  expect(await bench.end(run)).toMatchObject({
    phase: 'failed',
    result: {
      device: 'runs-old',
      readBack: { system: MACHINE.from },
      reason: { code: 'device.busy', detail: { reason: 'installing' } },
    },
  })
  expect(daemon.slotHash()).toBe(before)
  daemon.release()
})

test('it takes everything and then says nothing: unknown, with what was read back, and never a success', async (context) => {
  const bench = await swupdateBench(context, held, { profile: impatient })
  const { client, daemon } = bench
  const before = daemon.slotHash()
  const run = await bench.start()
  expect(await bench.end(run)).toMatchObject({
    phase: 'unknown',
    result: {
      device: 'runs-old',
      readBack: { system: MACHINE.from },
      reason: { code: 'device.verdict-missed', detail: { after: 'received' } },
    },
  })
  expect(daemon.slotHash()).toBe(before)
  expect(await failures(bench, run)).toHaveLength(1)
  // It goes on after all, and somebody restarts it: another look finds what is true by then.
  daemon.release()
  await expect.poll(() => daemon.slotHash()).not.toBe(before)
  await expect.poll(() => daemon.log()).toContain('SWUPDATE successful !')
  await otherRestart(daemon)
  await client.runs.checkAgain({ run })
  expect(await bench.end(run)).toMatchObject({ phase: 'succeeded', result: { readBack: { system: MACHINE.to } } })
})

test('killed when it has everything: unknown, for it may or may not have been installed', async (context) => {
  const bench = await swupdateBench(context, held)
  const { daemon } = bench
  const before = daemon.slotHash()
  const run = await bench.start()
  await expect.poll(() => daemon.isHolding()).toBe(true)
  await daemon.kill()
  await daemon.start()
  expect(await bench.end(run)).toMatchObject({
    phase: 'unknown',
    result: { device: 'runs-old', readBack: { system: MACHINE.from }, reason: { code: 'device.verdict-missed' } },
  })
  expect(daemon.slotHash()).toBe(before)
})

test('killed in the middle of an upload: half a package is none, so it is sent again when the daemon is back', async (context) => {
  // More than sockets hold on the way: what they hold may have arrived.
  const large = (daemon: SwupdateDaemon) => daemon.package(MACHINE.to, { size: 20_000_000 })
  const bench = await swupdateBench(context, large, {
    address: (daemon) => badPath(daemon.address, { bytesPerSecond: 4_000_000 }),
  })
  const { client, daemon } = bench
  const run = await bench.start()
  await until(client.runs.one, { run }, ({ progress }) => progress?.step === 'write' && progress.done > 500_000)
  await daemon.kill()
  await daemon.start()
  expect(await bench.end(run)).toMatchObject({
    phase: 'succeeded',
    result: { device: 'runs-new', readBack: { system: MACHINE.to } },
  })
  expect((await failures(bench, run))[0]).toMatchObject({ code: 'link.lost' })
})

test('a byte that is damaged on the way: the daemon finds it, and the second attempt is good', async (context) => {
  const bench = await swupdateBench(context, good, {
    address: (daemon) => badPath(daemon.address, { flip: { at: 2_000_000, times: 1 } }),
  })
  const run = await bench.start()
  expect(await bench.end(run)).toMatchObject({ phase: 'succeeded', result: { readBack: { system: MACHINE.to } } })
  expect(await failures(bench, run)).toEqual([{ code: 'device.image-corrupt', reason: 'hash-mismatch' }])
})

test('a path that damages every attempt: given up after three, and the slot is as it was', async (context) => {
  const bench = await swupdateBench(context, good, {
    address: (daemon) => badPath(daemon.address, { flip: { at: 2_000_000, times: 99 } }),
  })
  const before = bench.daemon.slotHash()
  const run = await bench.start()
  expect(await bench.end(run)).toMatchObject({
    phase: 'failed',
    result: { device: 'runs-old', reason: { code: 'device.image-corrupt' } },
  })
  expect(bench.daemon.slotHash()).toBe(before)
  expect(await failures(bench, run)).toHaveLength(3)
})
