import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Network } from './link-cost.ts'

const TOOL_TIMEOUT_MS = 3000
const FIELDS = 'GENERAL.CONNECTION,GENERAL.CON-UUID,GENERAL.METERED'
const UP = 0x1

/** Over which interface the rest of the world is reached (Linux, /proc/net/route); null where it is not. */
export function defaultInterface(routes: string): string | null {
  const defaults = routes
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, destination, , flags, , , , mask]) => {
      return destination === '00000000' && mask === '00000000' && (Number.parseInt(flags ?? '', 16) & UP) !== 0
    })
  const [best] = defaults.toSorted((a, b) => Number(a[6]) - Number(b[6]))
  return best?.[0] ?? null
}

/** `nmcli -t device show`: a field a line. A guess of the system is as good as its word, until a person says otherwise. */
export function networkFromNmcli(text: string): Network | null {
  const fields = new Map(
    text.split('\n').map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1).replaceAll(/\\(.)/g, '$1')]
    }),
  )
  const id = fields.get('GENERAL.CON-UUID') ?? ''
  if (id === '' || id === '--') return null
  const metered = /^(yes|no)\b/.exec(fields.get('GENERAL.METERED') ?? '')?.[1]
  const name = (fields.get('GENERAL.CONNECTION') ?? '').slice(0, 100)
  return { id: id.slice(0, 100), name, metered: metered === undefined ? null : metered === 'yes' }
}

/** Asks NetworkManager, where there is one. Never throws: what cannot be told is null. */
export async function probeNetwork(signal: AbortSignal): Promise<Network | null> {
  if (process.platform !== 'linux') return null
  try {
    const device = defaultInterface(await readFile('/proc/net/route', 'utf8'))
    if (device === null) return null
    const { stdout } = await promisify(execFile)('nmcli', ['-t', '-f', FIELDS, 'device', 'show', device], {
      signal,
      timeout: TOOL_TIMEOUT_MS,
      env: { ...process.env, LC_ALL: 'C' },
    })
    return networkFromNmcli(stdout)
  } catch {
    return null
  }
}
