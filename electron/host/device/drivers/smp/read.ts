import { AppError, isAppError } from '../../../../../shared/errors.ts'
import type { DeviceStatus } from '../../../../../shared/model/device.ts'
import type { Source } from '../../../../../shared/model/profile.ts'
import { type SmpBody, wholeNumber } from '../../../protocol/smp/body.ts'
import type { Patience, SmpClient } from '../../../protocol/smp/client.ts'
import { fileHash, readFile } from '../../../protocol/smp/files.ts'
import { listImages } from '../../../protocol/smp/image.ts'
import { readInfo, readStat, runShell } from '../../../protocol/smp/os.ts'
import { readPool, readTask, readTime } from '../../../protocol/smp/os-facts.ts'
import { readSetting } from '../../../protocol/smp/settings.ts'
import type { Device } from '../../driver.ts'
import { pick } from '../../match.ts'
import { interpret, type Raw } from '../../readings.ts'
import { isRecovery } from './recovery.ts'
import { settingValue } from './setting-value.ts'
import { activeSlot, type SlotList, semverOf, statusOf } from './slots.ts'

/** Longest console output that is searched for a value. */
const MAX_OUTPUT = 4096

/** What the device says for one source. Throws `reading.unreadable`, `reading.missing`, `device.*`, `link.*`. */
export async function readSource(
  client: SmpClient,
  source: Source,
  patience: Patience,
  signal: AbortSignal,
): Promise<Raw> {
  if (!isSmp(source)) throw new AppError('link.unsupported', { detail: { driver: 'smp', source: source.from } })
  switch (source.from) {
    case 'smp.stat': {
      const value = (await readStat(client, source.group, patience, signal))[source.field]
      if (value === undefined) throw missing({ group: source.group, field: source.field })
      return value
    }
    case 'smp.shell': {
      const { output, code } = await runShell(client, source.argv, patience, signal)
      if (code !== 0) throw unreadable({ command: source.argv.join(' '), code })
      return pick(output.slice(0, MAX_OUTPUT), source.match, { command: source.argv.join(' ') })
    }
    case 'smp.image':
      return runningVersion(await listImages(client, signal, patience), source.image)
    case 'smp.setting':
      return settingValue(await readSetting(client, source.name, patience, signal), source.as)
    case 'smp.file': {
      const content = await readFile(client, source.path, MAX_OUTPUT, patience, signal)
      return pick(Buffer.from(content).toString('utf8'), source.match, { path: source.path })
    }
    case 'smp.file-hash':
      return fileHash(client, source.path, patience, signal)
    case 'smp.task':
      return fact(await readTask(client, source.task, patience, signal), source.field)
    case 'smp.pool':
      return fact(await readPool(client, source.pool, patience, signal), source.field)
    case 'smp.info':
      return pick((await readInfo(client, source.format, patience, signal)).slice(0, MAX_OUTPUT), source.match)
    case 'smp.time':
      return readTime(client, patience, signal)
  }
  return source satisfies never
}

type SmpSource = Extract<Source, { from: `smp.${string}` }>

function isSmp(source: Source): source is SmpSource {
  return source.from.startsWith('smp.')
}

function fact(body: SmpBody, field: string): number {
  const value = wholeNumber(body, field)
  if (value === null) throw missing({ field })
  return value
}

function runningVersion(list: SlotList, image: number): string {
  const active = activeSlot(list, image)
  if (!active) throw missing({ image })
  return semverOf(active.version)
}

/** Versions by the sources that the profile names, and the slots as listed now. */
export async function readStatus(
  client: SmpClient,
  device: Device,
  patience: Patience,
  signal: AbortSignal,
): Promise<DeviceStatus> {
  const list = await listImages(client, signal, patience)
  const versions: DeviceStatus['versions'] = {}
  for (const { id, version } of device.profile.components) {
    versions[id] = await readVersion(() =>
      version.source.from === 'smp.image'
        ? Promise.resolve(runningVersion(list, version.source.image))
        : readSource(client, version.source, patience, signal),
    ).then((raw) => (raw === null ? null : (interpret(raw, { type: 'text', map: version.map }).value as string | null)))
  }
  const recovery = await isRecovery(client, list, { ordinary: patience }, signal)
  return statusOf(list, device.profile, versions, recovery)
}

/** Null when the device would not say; a device that does not answer at all is still an error. */
async function readVersion(read: () => Promise<Raw>): Promise<Raw | null> {
  try {
    return await read()
  } catch (error) {
    if (isAppError(error) && (error.code.startsWith('reading.') || error.code === 'device.refused')) return null
    throw error
  }
}

function missing(detail: Readonly<Record<string, string | number>>): AppError {
  return new AppError('reading.missing', { detail })
}

function unreadable(detail: Readonly<Record<string, string | number>>): AppError {
  return new AppError('reading.unreadable', { detail })
}
