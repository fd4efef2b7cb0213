import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Power } from '../../../shared/contract/shell.ts'

/** What the laptop would not say. Conditions on it are then false. */
const UNKNOWN: Power = { battery: null, onMains: null }
const TOOL_TIMEOUT_MS = 3000
/** How often a watched battery is looked at, milliseconds. */
export const POWER_INTERVAL_MS = 15_000

/** The files read of each supply (Linux, Documentation/ABI/testing/sysfs-class-power). */
const SUPPLY_FILES = ['type', 'scope', 'present', 'capacity', 'online', 'energy_now', 'energy_full'] as const

/** One folder of /sys/class/power_supply: file name -> content. */
export type PowerSupply = Readonly<Partial<Record<(typeof SUPPLY_FILES)[number], string>>>

/** The laptop's state from what the kernel says of its supplies. */
export function powerFromSupplies(supplies: readonly PowerSupply[]): Power {
  // A mouse or a headset says "Device": its battery does not keep the laptop up.
  const own = supplies.filter((supply) => supply.scope !== 'Device')
  const mains = own.filter(({ type }) => type === 'Mains' || type === 'USB')
  const batteries = own.filter(({ type, present }) => type === 'Battery' && present !== '0')
  const anyMains = mains.some(({ online }) => online === '1')
  if (batteries.length === 0) return { battery: null, onMains: mains.length > 0 ? anyMains : null }
  return { battery: chargeOf(batteries), onMains: mains.length > 0 ? anyMains : null }
}

/** Percent over all batteries, weighted by what they hold where the kernel tells. */
function chargeOf(batteries: readonly PowerSupply[]): number | null {
  const energies = batteries.map((battery) => ({
    now: number(battery.energy_now),
    full: number(battery.energy_full),
  }))
  const full = energies.reduce((sum, energy) => sum + (energy.full ?? Number.NaN), 0)
  const now = energies.reduce((sum, energy) => sum + (energy.now ?? Number.NaN), 0)
  if (full > 0 && now >= 0) return percent((100 * now) / full)
  const capacities = batteries.map(({ capacity }) => number(capacity))
  // The weakest: one unreadable battery makes the whole unreadable.
  return capacities.includes(null) ? null : percent(Math.min(...(capacities as number[])))
}

/** The laptop's state from `pmset -g batt` (macOS). */
export function powerFromPmset(text: string): Power {
  const source = /Now drawing from '(AC|Battery) Power'/.exec(text)?.[1]
  const charge = /InternalBattery-\d+[^\n]*?\t(\d{1,3})%/.exec(text)?.[1]
  return {
    battery: charge === undefined ? null : percent(Number(charge)),
    onMains: source === undefined ? null : source === 'AC',
  }
}

/** Asks the operating system. Never throws: what cannot be read is null. */
export async function readPower(platform: NodeJS.Platform, signal: AbortSignal): Promise<Power> {
  try {
    if (platform === 'linux') return powerFromSupplies(await readSupplies('/sys/class/power_supply'))
    if (platform === 'darwin') {
      const { stdout } = await promisify(execFile)('/usr/bin/pmset', ['-g', 'batt'], {
        signal,
        timeout: TOOL_TIMEOUT_MS,
      })
      return powerFromPmset(stdout)
    }
    return UNKNOWN
  } catch {
    return UNKNOWN
  }
}

export async function readSupplies(folder: string): Promise<PowerSupply[]> {
  const names = await readdir(folder)
  return Promise.all(
    names.sort().map(async (name) => {
      const values = await Promise.all(
        SUPPLY_FILES.map(async (file) => {
          const text = await readFile(join(folder, name, file), 'utf8').catch(() => null)
          return text === null ? [] : [[file, text.trim()] as const]
        }),
      )
      return Object.fromEntries(values.flat())
    }),
  )
}

function number(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null
}

function percent(value: number): number {
  return Math.min(100, Math.max(0, Math.round(value)))
}
