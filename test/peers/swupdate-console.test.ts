import { expect, test } from 'vitest'
import type { ErrorCode } from '../../shared/errors.ts'
import type { ProfileInput } from '../../shared/model/profile.ts'
import { first } from '../fixtures/whole/watching.ts'
import { type BenchOptions, MACHINE, swupdateBench } from './swupdate/console.ts'
import type { SwupdateDaemon } from './swupdate/daemon.ts'

/** The whole console by its contract, and the real SWUpdate daemon of Debian as the judge of CMS-signed packages. */

const ATTESTED = {
  id: 'line-clear',
  title: 'Line clear',
  at: ['write' as const],
  attest: { text: 'Nobody stands in the bight of the line', evidence: 'note' as const },
}
const MEASURED = {
  id: 'safe',
  title: 'Brake set',
  at: ['write' as const, 'restart' as const],
  watch: true,
  expr: 'signal.brake.set && signal.line.tension < 5.0',
  maxAge: '10s',
}

test('a signed package: published, synced, proved safe, judged by the daemon, started, read back', async (context) => {
  const bench = await swupdateBench(context, (daemon) => daemon.package(MACHINE.to, { size: 3_000_000 }), {
    plan: {
      conditions: [MEASURED, ATTESTED],
      scope: { sites: ['*'], deviceTypes: [MACHINE.type], from: { system: '<3.2.0' } },
    },
  })
  const { client, daemon } = bench
  const before = daemon.slotHash()
  const run = await bench.start()
  const done = await bench.end(run)
  expect(done).toMatchObject({
    phase: 'succeeded',
    result: { device: 'runs-new', readBack: { system: MACHINE.to }, reason: null, also: null },
    conditions: [{ state: 'holds', readings: [{ value: true }, { value: 0.4 }] }, { state: 'attested' }],
  })
  expect(daemon.slotHash()).not.toBe(before)
  expect(daemon.log()).toContain('Verified OK')
  expect((await first(client.devices.list, null))[0]?.status?.versions).toEqual({ system: MACHINE.to })
  expect(await client.audit.verify(null)).toMatchObject({ ok: true })
  expect((await bench.audited(run)).map(({ action }) => action)).toEqual(
    expect.arrayContaining(['run.started', 'run.attested', 'run.intent', 'run.outcome', 'run.ended']),
  )
})

/** A type whose hardware revision the device does not tell: only the device itself can judge it. */
const withoutHardware = (profile: ProfileInput): ProfileInput => {
  const { hardware: _, ...identity } = profile.identity
  return { ...profile, identity }
}
const withSigner = (profile: ProfileInput, daemon: SwupdateDaemon): ProfileInput => ({
  ...profile,
  signers: [{ id: 'yard', algorithm: 'cms', pem: daemon.signer.pem }],
})

interface Refusal {
  readonly what: string
  readonly make: (daemon: SwupdateDaemon) => Promise<Uint8Array>
  readonly code: ErrorCode
  readonly reason: string
  /** The daemon's own words. */
  readonly said: RegExp
  /** What lets it past the console, so that the daemon is the judge. */
  readonly unseen: BenchOptions
}

const bitFlipped = async (daemon: SwupdateDaemon) => {
  const bytes = Buffer.from(await daemon.package(MACHINE.to, { size: 1_000_000 }))
  bytes.writeUInt8(bytes.readUInt8(700_000) ^ 0x10, 700_000)
  return bytes
}

const REFUSALS: readonly Refusal[] = [
  {
    what: 'a payload that the signature does not bind',
    make: (daemon) =>
      daemon.package(MACHINE.to, {
        images: [{ name: 'rootfs.img', bytes: Buffer.alloc(100_000, 1), device: daemon.slot, claimedSha256: null }],
      }),
    code: 'device.image-rejected',
    reason: 'unbound',
    said: /hash/i,
    unseen: {},
  },
  {
    what: 'another hardware revision',
    make: (daemon) => daemon.package(MACHINE.to, { hardware: ['9.9'] }),
    code: 'device.incompatible',
    reason: 'hardware',
    said: /^SW not compatible with hardware/,
    unseen: { profile: withoutHardware },
  },
  {
    what: 'no signature',
    make: (daemon) => daemon.package(MACHINE.to, { unsigned: true }),
    code: 'device.signature-rejected',
    reason: 'unsigned',
    said: /instead of sw-description\.sig/,
    unseen: {},
  },
  {
    what: 'a signer that the device does not know',
    make: (daemon) => daemon.package(MACHINE.to, { sign: (text) => daemon.stranger.sign(text) }),
    code: 'device.signature-rejected',
    reason: 'signer',
    said: /^Authentication of all signatures failed/,
    unseen: {},
  },
]

test.for(REFUSALS)(
  '$what: the daemon refuses, the run says why in its words, the slot stays as it was',
  async ({ make, code, reason, said, unseen }, context) => {
    const bench = await swupdateBench(context, make, unseen)
    const { client, daemon } = bench
    const before = daemon.slotHash()
    const run = await bench.start()
    const done = await bench.end(run)
    expect(done).toMatchObject({
      phase: 'failed',
      result: {
        device: 'runs-old',
        readBack: { system: MACHINE.from },
        reason: { code, detail: { reason, said: expect.stringMatching(said) } },
        also: null,
      },
    })
    expect(daemon.slotHash()).toBe(before)
    const entries = await bench.audited(run)
    const refusals = entries.filter(({ detail }) => (detail.error as { code?: string } | undefined)?.code === code)
    expect(refusals).toHaveLength(1)
    expect(refusals[0]?.detail).toMatchObject({ error: { detail: { said: expect.stringMatching(said) } } })
    expect(entries.at(-1)).toMatchObject({ action: 'run.ended', detail: { outcome: 'failed', reason: { code } } })
    expect(await client.audit.verify(null)).toMatchObject({ ok: true })
  },
)

interface Foreseen {
  readonly what: string
  readonly make: (daemon: SwupdateDaemon) => Promise<Uint8Array>
  readonly code: ErrorCode
  readonly options: BenchOptions
}

const FORESEEN: readonly Foreseen[] = [
  {
    what: 'a payload that was changed after signing',
    make: bitFlipped,
    code: 'artifact.corrupt',
    options: {},
  },
  {
    what: 'another hardware revision',
    make: (daemon) => daemon.package(MACHINE.to, { hardware: ['9.9'] }),
    code: 'device.incompatible',
    options: {},
  },
  {
    what: 'no signature, where the profile asks for one',
    make: (daemon) => daemon.package(MACHINE.to, { unsigned: true }),
    code: 'artifact.unsigned',
    options: { profile: withSigner },
  },
  {
    what: 'a signer that the profile does not name',
    make: (daemon) => daemon.package(MACHINE.to, { sign: (text) => daemon.stranger.sign(text) }),
    code: 'artifact.bad-signature',
    options: { profile: withSigner },
  },
]

test('a profile that names the signer: the console has checked the signature before the daemon does', async (context) => {
  const bench = await swupdateBench(context, (daemon) => daemon.package(MACHINE.to), { profile: withSigner })
  expect(await bench.end(await bench.start())).toMatchObject({
    phase: 'succeeded',
    result: { device: 'runs-new', readBack: { system: MACHINE.to } },
  })
})

test.for(FORESEEN)(
  '$what: the console refuses before it touches the device',
  async ({ make, code, options }, context) => {
    const bench = await swupdateBench(context, make, options)
    const { client, daemon } = bench
    const before = daemon.slotHash()
    const [dryRun] = await client.plans.dryRun({ plan: bench.plan, devices: [bench.key] })
    expect(dryRun?.proofs.find(({ proof }) => proof === 'artifact')).toMatchObject({ ok: false, reason: { code } })
    await expect(bench.start()).rejects.toMatchObject({ code })
    expect(daemon.slotHash()).toBe(before)
    expect(daemon.log()).not.toContain('Incoming network request')
  },
)
