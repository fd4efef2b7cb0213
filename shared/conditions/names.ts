/** Types as conditions know them. `number` readings are CEL doubles; whole literals are CEL ints. */
export type ValueType =
  | 'bool'
  | 'int'
  | 'uint'
  | 'double'
  | 'text'
  | 'bytes'
  | 'null'
  | 'time'
  | 'span'
  | 'list'
  | 'list of text'
  | 'list of slots'
  | 'slot'
  | 'map'
  | 'unknown'

/**
 * What an expression may name besides signals and versions. `device.*` is what the device last said of
 * itself, `console.*` the laptop, `operator.*` the person who started the run.
 */
const FIXED: ReadonlyMap<string, ValueType> = new Map([
  ['device.type', 'text'],
  ['device.serial', 'text'],
  ['device.hardware', 'text'],
  ['device.mode', 'text'],
  ['device.slots', 'list of slots'],
  ['console.battery', 'double'],
  ['console.onMains', 'bool'],
  ['console.offlineDays', 'double'],
  ['operator.id', 'text'],
  ['operator.roles', 'list of text'],
  ['now', 'time'],
])

/** Members of an element of `device.slots`; one that the device would not say is absent, never null. */
export const SLOT_MEMBERS: ReadonlyMap<string, ValueType> = new Map([
  ['component', 'text'],
  ['name', 'text'],
  ['version', 'text'],
  ['hash', 'text'],
  ['active', 'bool'],
  ['pending', 'bool'],
  ['confirmed', 'bool'],
  ['permanent', 'bool'],
])

const ROOTS: ReadonlySet<string> = new Set(['signal', 'device', 'console', 'operator', 'now'])

export function isRoot(name: string): boolean {
  return ROOTS.has(name)
}

/** Is this chain of members a whole name, the beginning of one, or neither? */
export function nameOf(chain: readonly string[]): { whole: string } | 'beginning' | null {
  const [root, member] = chain
  if (root === 'signal') return chain.length > 1 ? { whole: chain.join('.') } : 'beginning'
  if (root === 'device' && member === 'versions') {
    return chain.length === 3 ? { whole: chain.join('.') } : chain.length < 3 ? 'beginning' : null
  }
  const name = chain.join('.')
  if (FIXED.has(name)) return { whole: name }
  return chain.length === 1 && root !== undefined && ROOTS.has(root) ? 'beginning' : null
}

/** `boom.parked` for `signal.boom.parked`; null for any other name. */
export function signalOf(name: string): string | null {
  return name.startsWith('signal.') ? name.slice('signal.'.length) : null
}

/** `app` for `device.versions.app`; null for any other name. */
export function componentOf(name: string): string | null {
  return name.startsWith('device.versions.') ? name.slice('device.versions.'.length) : null
}

/** The names whose value is only as good as the last time the device was asked for its status. */
export function needsStatus(name: string): boolean {
  return name === 'device.mode' || name === 'device.slots' || componentOf(name) !== null
}

/** Type of a name that is no signal. */
export function fixedType(name: string): ValueType | undefined {
  return componentOf(name) === null ? FIXED.get(name) : 'text'
}
