import { sha256 } from '../../../electron/host/crypto/hash.ts'
import type { Device } from '../../../electron/host/device/driver.ts'
import { openLink } from '../../../electron/host/link/openers.ts'
import { Profile, type ProfileInput } from '../../../shared/model/profile.ts'
import { clock, never, openers } from '../../fixtures/devices/bench.ts'

/** What a publisher would write for a board that runs Zephyr's sample server. */
const PROFILE: ProfileInput = {
  format: 'slipway.profile/1',
  type: 'zephyr-board',
  title: 'Board with the sample server',
  vendor: 'Zephyr',
  drivers: [
    { driver: 'smp', link: 'serial' },
    { driver: 'smp', link: 'udp' },
  ],
  identity: { serial: { source: { from: 'smp.stat', group: 'smp_svr_stats', field: 'ticks' } } },
  components: [{ id: 'app', title: 'Application', version: { source: { from: 'smp.image' } } }],
  timing: { stallAfter: '20s' },
}

export async function openZephyr(address: string, change: Partial<ProfileInput> = {}): Promise<Device> {
  const profile = Profile.parse({ ...PROFILE, ...change })
  const link = await openLink(openers, address, {}, never)
  const binding = profile.drivers.find((one) => one.link === link.kind) ?? profile.drivers[0]
  if (!binding) throw new Error('a profile has drivers')
  return { link, profile, binding, clock, credential: null }
}

const HASH_AT = 8

/** The same image under another version: these are not signed, and only their hash must fit (MCUboot image header). */
export function withVersion(image: Uint8Array, major: number, minor: number): Uint8Array {
  const bytes = Buffer.from(image)
  bytes[20] = major
  bytes[21] = minor
  const end = bytes.readUInt16LE(8) + bytes.readUInt32LE(12)
  bytes.set(sha256(bytes.subarray(0, end)), end + HASH_AT)
  return new Uint8Array(bytes)
}
