import { AppError } from '../../../../../shared/errors.ts'
import type { DeviceStatus } from '../../../../../shared/model/device.ts'
import type { Source } from '../../../../../shared/model/profile.ts'
import { within } from '../../../link/waiting.ts'
import type { SwupdateClient } from '../../../protocol/swupdate/client.ts'
import type { Device } from '../../driver.ts'
import { scalarAt } from '../../pointer.ts'
import type { Raw } from '../../readings.ts'
import { runningSlots, versionFrom } from '../../running-version.ts'

/** What the device's web server says for one source. Throws `reading.*`, `device.unauthorised`, `link.*`. */
export async function readSource(
  client: SwupdateClient,
  source: Source,
  timeout: number,
  signal: AbortSignal,
): Promise<Raw> {
  if (source.from !== 'http.json') {
    throw new AppError('link.unsupported', { detail: { driver: 'swupdate', source: source.from } })
  }
  const reply = await within(timeout, 'link.timeout', signal, (wait) => client.get(source.path, wait))
  if (reply.status === 404) throw new AppError('reading.missing', { detail: { path: source.path } })
  if (reply.status !== 200) {
    throw new AppError('reading.unreadable', { detail: { path: source.path, status: reply.status } })
  }
  return scalarAt(Buffer.from(reply.body).toString('utf8'), source.pointer)
}

/** What runs now. SWUpdate itself tells neither slots nor hashes: there is only what the profile's sources say. */
export async function readStatus(
  client: SwupdateClient,
  device: Device,
  timeout: number,
  signal: AbortSignal,
): Promise<DeviceStatus> {
  const versions: DeviceStatus['versions'] = {}
  for (const { id, version } of device.profile.components) {
    versions[id] = await versionFrom(() => readSource(client, version.source, timeout, signal), version.map)
  }
  return { mode: 'application', versions, slots: runningSlots(versions) }
}
