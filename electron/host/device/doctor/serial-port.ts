import { access, constants, readFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type Fact, known, type PortFacts, UNKNOWN } from './facts.ts'
import { holdersOf } from './holders.ts'
import { errnoOf, isPlainName, type SystemFiles } from './system-files.ts'

/** Everything about a serial port that can be told without opening it: opening may restart what is behind it. */
export async function examinePort(
  path: string,
  platform: string,
  files: SystemFiles,
  may: typeof mayUse = mayUse,
): Promise<PortFacts> {
  if (platform === 'win32') {
    const latencyMs = null
    return { path, exists: UNKNOWN, allowed: UNKNOWN, group: UNKNOWN, holders: UNKNOWN, latencyMs }
  }
  const real = await realpath(path).catch(() => path)
  return {
    path,
    exists: await exists(real),
    allowed: await may(real),
    group: await groupOf(real, files),
    holders: platform === 'linux' ? await holdersOf(real, files) : UNKNOWN,
    latencyMs: platform === 'linux' ? await latencyOf(real, files) : null,
  }
}

export async function exists(path: string): Promise<Fact<boolean>> {
  return stat(path).then(
    () => known(true),
    (error: unknown) => (errnoOf(error) === 'ENOENT' ? known(false) : UNKNOWN),
  )
}

/** Whether this account may read and write it. */
export async function mayUse(path: string): Promise<Fact<boolean>> {
  return access(path, constants.R_OK | constants.W_OK).then(
    () => known(true),
    (error: unknown) => (['EACCES', 'EPERM', 'EROFS'].includes(errnoOf(error)) ? known(false) : UNKNOWN),
  )
}

async function groupOf(path: string, { etc }: SystemFiles): Promise<Fact<string>> {
  try {
    const { gid } = await stat(path)
    const lines = (await readFile(join(etc, 'group'), 'utf8')).split('\n')
    const name = lines.map((line) => line.split(':')).find(([, , id]) => id === String(gid))?.[0]
    return name === undefined ? UNKNOWN : known(name)
  } catch {
    return UNKNOWN
  }
}

/** The FTDI driver's latency timer; null: the port is none of its. */
async function latencyOf(path: string, { sys }: SystemFiles): Promise<Fact<number> | null> {
  const name = basename(path)
  if (!isPlainName(name)) return null
  try {
    const text = await readFile(join(sys, 'bus/usb-serial/devices', name, 'latency_timer'), 'utf8')
    const ms = Number(text.trim())
    return Number.isFinite(ms) && text.trim() !== '' ? known(ms) : UNKNOWN
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? null : UNKNOWN
  }
}

/** USB ids of the adapter behind a serial port, lower-case hex; null: there is none, or nobody knows. */
export async function usbIdsOfPort(path: string, { sys }: SystemFiles): Promise<UsbIds | null> {
  const name = basename(await realpath(path).catch(() => path))
  if (!isPlainName(name)) return null
  let folder = await realpath(join(sys, 'class/tty', name, 'device')).catch(() => '')
  // The port lies in an interface, the interface in the device.
  for (let up = 0; up < 4 && folder.startsWith(`${await realpath(sys).catch(() => sys)}/`); up += 1) {
    const ids = await idsIn(folder)
    if (ids) return ids
    folder = dirname(folder)
  }
  return null
}

export interface UsbIds {
  readonly vid: string
  readonly pid: string
}

export async function idsIn(folder: string): Promise<UsbIds | null> {
  const [vid, pid] = await Promise.all(
    ['idVendor', 'idProduct'].map((file) => readFile(join(folder, file), 'utf8').catch(() => '')),
  )
  const isId = (text: string | undefined): text is string => /^[0-9a-f]{4}\n?$/.test(text ?? '')
  return isId(vid) && isId(pid) ? { vid: vid.trim(), pid: pid.trim() } : null
}
