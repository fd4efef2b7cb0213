import type { ReadValue } from '../../../../shared/contract/finding.ts'
import { AppError, isAppError } from '../../../../shared/errors.ts'
import type { Profile, SignalSpec } from '../../../../shared/model/profile.ts'
import { throwIfAborted } from '../../link/waiting.ts'
import type { DeviceSession } from '../device-access.ts'
import { type Raw, readingOf } from '../readings.ts'

/**
 * Reads values by the names that the signed profile gives them. A value that cannot be read has a fault; nothing else
 * is lost by it. Throws `reading.unknown-signal` before anything is asked.
 */
export async function readSources(
  { profile, driver, device }: DeviceSession,
  sources: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<ReadValue[]> {
  const all = readable(profile)
  const wanted = (sources ?? [...all.keys()]).map((name) => {
    const spec = all.get(name)
    if (!spec) throw new AppError('reading.unknown-signal', { detail: { signal: name } })
    return spec
  })
  const values: ReadValue[] = []
  let dead: AppError | null = null
  for (const spec of wanted) {
    throwIfAborted(signal)
    const asked = { at: device.clock.monotonic(), time: device.clock.now() }
    const said: Raw | AppError = dead ?? (await driver.read(device, spec.source, signal).catch(failed(signal)))
    const { value, fault, unit, raw } = readingOf(spec, said, asked)
    // Once nobody answers the rest would only wait.
    if (isAppError(said) && fault === 'no-answer') dead = said
    values.push({ source: spec.id, title: spec.title, value, fault, unit, raw, time: asked.time })
  }
  return values
}

const failed = (signal: AbortSignal) => (error: unknown) => {
  if (signal.aborted || !isAppError(error)) throw error
  return error
}

/** Everything that can be read, by name: who it is, what it runs, what it measures. */
function readable({ identity, components, signals }: Profile): ReadonlyMap<string, SignalSpec> {
  const text = { type: 'text', unit: '', every: '1s' } as const
  const { serial, type, hardware } = identity
  const fields = Object.entries({ serial, type, hardware }).flatMap(([name, field]) => {
    const id = `identity.${name}`
    return field ? [{ ...text, ...field, id, title: id }] : []
  })
  const versions = components.map(({ id, title, version }) => ({ ...text, ...version, id: `version.${id}`, title }))
  return new Map([...fields, ...versions, ...signals].map((spec) => [spec.id, spec]))
}
