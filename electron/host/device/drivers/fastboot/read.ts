import { AppError } from '../../../../../shared/errors.ts'
import type { DeviceStatus } from '../../../../../shared/model/device.ts'
import type { Source } from '../../../../../shared/model/profile.ts'
import type { Device } from '../../driver.ts'
import { pick } from '../../match.ts'
import type { Raw } from '../../readings.ts'
import { runningSlots, versionFrom } from '../../running-version.ts'
import type { FastbootSession } from './session.ts'

/** What the device says for one source. Throws `reading.*`, `device.*`, `link.*`. */
export async function readSource(
  session: FastbootSession,
  { link }: Device,
  source: Source,
  signal: AbortSignal,
): Promise<Raw> {
  if (source.from === 'fastboot.var') {
    const said = await session.getVar(source.name, signal)
    if (said === null) throw new AppError('reading.missing', { detail: { name: source.name } })
    return pick(said, source.match, { name: source.name })
  }
  if (source.from === 'usb' && link.kind === 'usb') {
    const said = link.face[source.field]
    if (said === null) throw new AppError('reading.missing', { detail: { field: source.field } })
    return pick(said, source.match)
  }
  // Whatever else the device can be asked, its application answers.
  throw new AppError('reading.unreadable', { detail: { reason: 'in-boot-loader', source: source.from } })
}

/** Android's fastbootd and its like: the application runs, and speaks fastboot itself. */
export async function isApplication(session: FastbootSession, signal: AbortSignal): Promise<boolean> {
  return (await session.getVar('is-userspace', signal)) === 'yes'
}

/** What runs. In the boot loader nothing does, and what lies in the memory is not asked: it may be half of something. */
export async function readStatus(session: FastbootSession, device: Device, signal: AbortSignal): Promise<DeviceStatus> {
  const runs = await isApplication(session, signal)
  const versions: DeviceStatus['versions'] = {}
  for (const { id, version } of device.profile.components) {
    versions[id] = runs
      ? await versionFrom(() => readSource(session, device, version.source, signal), version.map)
      : null
  }
  return runs
    ? { mode: 'application', versions, slots: runningSlots(versions) }
    : { mode: 'bootloader', versions, slots: [] }
}
