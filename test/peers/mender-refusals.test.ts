import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { sha256Hex } from '../../electron/host/crypto/hash.ts'
import type { Device, Image } from '../../electron/host/device/driver.ts'
import { never, watched } from '../fixtures/devices/bench.ts'
import { type ArtifactOptions, makeArtifact } from '../fixtures/mender/artifact.ts'
import { driver, menderBench, menderImage } from '../fixtures/mender/bench.ts'
import type { MenderDevice } from '../fixtures/mender/device.ts'
import { type ArtifactKey, newEcKey, newRsaKey } from '../fixtures/mender/keys.ts'

/** What Mender's own client refuses, what it should refuse and does not, and what scripts on the device refuse. */
let ec: ArtifactKey
let stranger: ArtifactKey
let rsa: ArtifactKey
let good: Image
beforeAll(async () => {
  ec = newEcKey()
  stranger = newEcKey('stranger')
  rsa = newRsaKey()
})

const write = (device: Device, image: Image) => driver.write(device, image, watched(), never)
const refusal = (work: Promise<unknown> | undefined) =>
  Promise.resolve(work).then(
    () => 'done',
    (error: unknown) => error,
  )
const runs = async (device: Device) => (await driver.status(device, never)).versions.system
const uploads = ({ dir }: MenderDevice) => readdirSync(dir).filter((name) => name.includes('.mender'))

const NEW: Omit<ArtifactOptions, 'key'> = { name: 'winch-2.0.0' }

interface Wrong {
  readonly what: string
  readonly make: () => Uint8Array
  readonly code: string
  readonly reason: string
  readonly said: RegExp
}

const flipped = (bytes: Uint8Array) => {
  const changed = Buffer.from(bytes)
  const at = changed.length - 20_000
  changed.writeUInt8(changed.readUInt8(at) ^ 0x10, at)
  return changed
}

const WRONG: readonly Wrong[] = [
  {
    what: 'another device type',
    make: () => makeArtifact({ ...NEW, key: ec, deviceType: 'acme-crane' }),
    code: 'device.incompatible',
    reason: 'device-type',
    said: /not compatible with device acme-winch/,
  },
  {
    what: 'a signer that the client does not know',
    make: () => makeArtifact({ ...NEW, key: stranger }),
    code: 'device.signature-rejected',
    reason: 'signer',
    said: /invalid signature: signer: verification failed/,
  },
  {
    what: 'a signature of another kind',
    make: () => makeArtifact({ ...NEW, key: rsa }),
    code: 'device.signature-rejected',
    reason: 'signer',
    said: /invalid signature/,
  },
  {
    what: 'no signature',
    make: () => makeArtifact({ ...NEW, key: null }),
    code: 'device.signature-rejected',
    reason: 'unsigned',
    said: /no signature file found/,
  },
  {
    what: 'a payload that was changed after signing',
    make: () => flipped(makeArtifact({ ...NEW, key: ec })),
    code: 'device.image-corrupt',
    reason: 'checksum',
    said: /invalid checksum|flate|gzip/,
  },
  {
    what: 'half of an artifact',
    make: () => makeArtifact({ ...NEW, key: ec }).subarray(0, 30_000),
    code: 'device.image-corrupt',
    reason: 'truncated',
    said: /unexpected EOF/,
  },
  {
    what: 'a payload that the client has no module for',
    make: () => makeArtifact({ ...NEW, key: ec, module: 'unheard-of' }),
    code: 'device.image-rejected',
    reason: 'payload-type',
    said: /'unheard-of' is not supported/,
  },
  {
    what: 'another artifact that should be there before',
    make: () => makeArtifact({ ...NEW, key: ec, needs: 'winch-1.9.0' }),
    code: 'device.incompatible',
    reason: 'depends',
    said: /winch-1\.9\.0/,
  },
]

test('what the client refuses is told in its words, and leaves the device as it was', async (context) => {
  const { machine, device } = await menderBench(context, ec)
  good = await menderImage({ ...NEW, key: ec })
  const winch = await device()
  for (const { what, make, code, reason, said } of WRONG) {
    const bytes = make()
    // Past the console's own reader, which would have seen each of them: the client is the judge.
    const read = async (offset: number, length: number) => bytes.subarray(offset, offset + length)
    const facts = { ...good.facts, hardware: [] }
    const bad = { ...good, facts, length: bytes.length, sha256: sha256Hex(bytes), read }
    expect(await refusal(write(winch, bad)), what).toMatchObject({
      code,
      detail: { reason, said: expect.stringMatching(said) },
    })
    expect(uploads(machine), what).toEqual([])
    await driver.restore?.(winch, [bad], never)
  }
  expect(machine.env()).toMatchObject({ running: 'a', next: 'a', trial: '0' })
  expect(await write(winch, good)).toEqual({ alreadyHeld: false })
})

test('another device type is seen before a byte is sent', async (context) => {
  const { machine, device } = await menderBench(context, ec)
  const other = await menderImage({ ...NEW, key: ec, deviceType: 'acme-crane' })
  expect(await refusal(write(await device(), other))).toMatchObject({
    code: 'device.incompatible',
    detail: { found: 'acme-winch', expected: 'acme-crane' },
  })
  expect(uploads(machine)).toEqual([])
})

const KEY_FILE = '/etc/mender/artifact-verify-key.pem'

test('a client that would not judge signatures by the key of the profile is given nothing', async (context) => {
  const { machine, device } = await menderBench(context, ec)
  const image = await menderImage({ ...NEW, key: ec })
  const winch = await device()
  const traps: readonly (readonly [unknown, string])[] = [
    [{}, 'not-set'],
    [{ ArtifactVerifyKey: '' }, 'not-set'],
    // Client 3.4 does not know it, and says nothing.
    [{ ArtifactVerifyKeys: [KEY_FILE] }, 'ignored'],
    [{ artifactverifykey: KEY_FILE }, 'misspelt'],
    // The client goes on without, and says so in a line of its log.
    [{ ArtifactVerifyKey: '/etc/mender/nothing.pem' }, 'file-missing'],
    [{ ArtifactVerifyKey: '/etc/mender/artifact_info' }, 'bad-key'],
  ]
  for (const [config, reason] of traps) {
    machine.setConfig(config)
    expect(await refusal(write(winch, image)), reason).toMatchObject({ code: 'device.verify-key', detail: { reason } })
  }
  expect(uploads(machine)).toEqual([])
  // Such a client really takes what a stranger signed.
  machine.setConfig({})
  expect(machine.install(makeArtifact({ ...NEW, key: stranger })).out).toContain('commit')
})

test('a device with a key that the profile does not name is given nothing', async (context) => {
  const { device } = await menderBench(context, ec, { key: stranger })
  const image = await menderImage({ ...NEW, key: ec })
  expect(await refusal(write(await device(), image))).toMatchObject({
    code: 'device.verify-key',
    detail: { reason: 'other-key', path: KEY_FILE },
  })
})

test('an uncommitted artifact of somebody else is not installed over, as the client would', async (context) => {
  const { machine, device } = await menderBench(context, ec)
  const image = await menderImage({ ...NEW, key: ec })
  expect(machine.install(makeArtifact({ name: 'winch-1.5.0', key: ec })).code).toBe(0)
  const winch = await device()
  expect(await refusal(write(winch, image))).toMatchObject({
    code: 'device.pending-image',
    detail: { version: 'winch-1.5.0', state: 'uncommitted' },
  })
  expect((await driver.status(winch, never)).slots[1]).toMatchObject({ version: 'winch-1.5.0', pending: true })
  expect(uploads(machine)).toEqual([])
  // Nor is it rolled back for them.
  await driver.restore?.(winch, [image], never)
  expect(machine.mender('rollback').code).toBe(0)
  expect(await write(winch, image)).toEqual({ alreadyHeld: false })
})

const scripted = (scripts: Readonly<Record<string, string>>) => menderImage({ ...NEW, key: ec, scripts })

test('a script that says no is named, with what it said and without what would harm a screen', async (context) => {
  const { machine, device } = await menderBench(context, ec)
  const winch = await device()
  const image = await scripted({
    ArtifactInstall_Enter_10_door: "printf 'the door\\033[2J is open\\n' >&2; exit 1",
  })
  expect(await refusal(write(winch, image))).toMatchObject({
    code: 'device.script-failed',
    detail: { reason: 'exit', script: 'ArtifactInstall_Enter_10_door', exit: 1, said: 'the door [2J is open' },
  })
  expect(machine.env()).toMatchObject({ running: 'a', next: 'a', trial: '0' })
  expect(await runs(winch)).toBe('winch-1.0.0')
})

test('a script that wants to be asked later (21) is waited for, as long as the client waits', async (context) => {
  const { machine, device } = await menderBench(context, ec)
  const winch = await device()
  const flag = join(machine.dir, 'tide')
  const patient = await scripted({
    ArtifactInstall_Enter_10_tide: `[ -f ${flag} ] && exit 0; touch ${flag}; exit 21`,
  })
  expect(await write(winch, patient)).toEqual({ alreadyHeld: false })
  await driver.restore?.(winch, [patient], never)
  const never21 = await scripted({ ArtifactInstall_Enter_10_tide: 'echo "still ebb" >&2; exit 21' })
  expect(await refusal(write(winch, never21))).toMatchObject({
    code: 'device.script-failed',
    detail: { reason: 'retry-limit', script: 'ArtifactInstall_Enter_10_tide', said: 'still ebb' },
  })
  expect(await runs(winch)).toBe('winch-1.0.0')
})

test('a script that refuses the commit: the client takes the version back, and it is no success while it still runs', async (context) => {
  const { device, returned } = await menderBench(context, ec)
  const image = await scripted({ ArtifactCommit_Enter_10_owner: 'echo "not signed off" >&2; exit 1' })
  const before = await device()
  await write(before, image)
  await driver.attach(before, [image], never)
  const trial = await returned()
  expect(await refusal(driver.confirm?.(trial, [image], never))).toMatchObject({
    code: 'device.script-failed',
    detail: { script: 'ArtifactCommit_Enter_10_owner', said: 'not signed off' },
  })
  const { versions, slots } = await driver.status(trial, never)
  expect(versions).toEqual({ system: 'winch-2.0.0' })
  expect(slots).toMatchObject([{ active: true, confirmed: false }])
  expect(await refusal(driver.confirm?.(trial, [image], never))).toMatchObject({ code: 'device.reverted' })
  await driver.rollback?.(trial, [image], never)
  expect(await runs(await returned())).toBe('winch-1.0.0')
})

/** A script that lets the test decide when the installation goes on. */
const held = (dir: string) => ({
  ArtifactInstall_Enter_10_hold: `touch ${dir}/reached; while [ ! -f ${dir}/go ]; do sleep 0.1; done`,
})
async function reached(machine: MenderDevice): Promise<void> {
  await expect.poll(() => machine.file('reached'), { interval: 50 }).not.toBeNull()
}

test('a link that is cut in the middle of an installation: it goes on, and is waited for by the next life', async (context) => {
  const { machine, device } = await menderBench(context, ec)
  const image = await scripted(held(machine.dir))
  const first = await device()
  const cut = refusal(write(first, image))
  await reached(machine)
  await first.link.close()
  expect(await cut).toMatchObject({ code: 'link.lost' })
  const second = await device()
  expect((await driver.status(second, never)).mode).toBe('updating')
  expect(await refusal(driver.restore?.(second, [image], never))).toMatchObject({ code: 'device.not-restored' })
  const other = await menderImage({ name: 'winch-3.0.0', key: ec })
  expect(await refusal(write(second, other))).toMatchObject({ code: 'device.busy' })
  const watching = watched(async () => machine.put('go', ''))
  expect(await driver.write(second, image, watching, never)).toEqual({ alreadyHeld: false })
  expect((await driver.status(second, never)).slots[1]).toMatchObject({ version: 'winch-2.0.0', pending: true })
})

test('a power cut in the middle of an installation: nothing is believed, and the next attempt works', async (context) => {
  const { machine, device } = await menderBench(context, ec)
  const image = await scripted(held(machine.dir))
  const first = await device()
  const cut = refusal(write(first, image))
  await reached(machine)
  await machine.powerCut()
  expect(await cut).toMatchObject({ code: 'link.lost' })
  const second = await device()
  expect(await runs(second)).toBe('winch-1.0.0')
  machine.put('go', '')
  expect(await write(second, image)).toEqual({ alreadyHeld: false })
})

test('whoever stops waiting is told that nobody knows what becomes of it', async (context) => {
  const { machine, device } = await menderBench(context, ec)
  const image = await scripted(held(machine.dir))
  const stop = new AbortController()
  const stopped = refusal(driver.write(await device(), image, watched(), stop.signal))
  await reached(machine)
  stop.abort()
  expect(await stopped).toMatchObject({ code: 'device.verdict-missed' })
})
