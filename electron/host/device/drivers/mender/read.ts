import { AppError } from '../../../../../shared/errors.ts'
import type { DeviceStatus } from '../../../../../shared/model/device.ts'
import type { Source } from '../../../../../shared/model/profile.ts'
import type { Image } from '../../driver.ts'
import type { Raw } from '../../readings.ts'
import { versionFrom } from '../../running-version.ts'
import { readCommand } from '../../ssh-source.ts'
import { installed, slotsOf, type Told } from './running.ts'
import type { MenderSession } from './session.ts'

/** What the device says for one source. Throws `reading.*`, `device.*`, `link.*`. */
export async function readSource(session: MenderSession, source: Source, signal: AbortSignal): Promise<Raw> {
  const { client, binding } = session
  if (source.from === 'ssh.command') return readCommand(session.link, source, session.timing.request, signal)
  if (source.from === 'mender.device-type') return known(await client.deviceType(signal), 'device_type')
  if (source.from === 'mender.artifact-info')
    return known((await client.artifactInfo(signal)).get(source.key), source.key)
  if (source.from === 'mender.script') {
    return known((await client.script(source.kind, source.script, signal)).get(source.key), source.key)
  }
  if (source.from !== 'mender.provides') {
    throw new AppError('link.unsupported', { detail: { driver: 'mender', source: source.from } })
  }
  const provides = await client.provides(signal)
  const { pending } = await client.work(signal)
  return known(installed(provides, pending, binding.restart).get(source.key), source.key)
}

function known(value: string | null | undefined, key: string): string {
  if (value === null || value === undefined) throw new AppError('reading.missing', { detail: { key } })
  return value
}

/** Asks for all that the client has begun, ended and committed. Throws `device.*`. */
export async function tell({ client }: MenderSession, signal: AbortSignal): Promise<Told> {
  return { ...(await client.work(signal)), job: await client.job(signal) }
}

export interface Seen {
  readonly told: Told
  readonly status: DeviceStatus
}

/** What runs, by the sources that the profile names, and what the client holds beside it. */
export async function lookAt(session: MenderSession, signal: AbortSignal): Promise<Seen> {
  const { binding, device } = session
  const told = await tell(session, signal)
  const versions: DeviceStatus['versions'] = {}
  for (const { id, version } of device.profile.components) {
    versions[id] = await versionFrom(() => readSource(session, version.source, signal), version.map)
  }
  const mode = told.job?.state === 'running' ? 'updating' : 'application'
  return { told, status: { mode, versions, slots: slotsOf(versions, told, binding.restart) } }
}

/** Whether the image is what runs. */
export function runs({ status }: Seen, { component, version }: Image): boolean {
  return status.versions[component] === version
}
