import { z } from 'zod'
import { AppError } from '../../../../shared/errors.ts'
import { type Facts, printable } from './facts.ts'
import { readStore } from './store.ts'

/** An artifact that was installed, and neither committed nor rolled back. */
export interface Pending {
  readonly artifact: string
  /** What is true of the device once it is committed. */
  readonly provides: Facts
}

/** What the store says of work under way. `daemon`: a server's deployment is being carried out. */
export interface Work {
  /**
   * The artifact that was committed last; null: none ever was. The client's own `show-artifact` then tells the name in
   * the root file system that happens to run, be it one that was rolled back a moment ago.
   */
  readonly committed: string | null
  readonly pending: Pending | null
  readonly daemon: boolean
}

const Text = z.string().max(1000)

/** `standalone-state` of clients 2 to 5. Members that are not known here are passed over. */
const Standalone = z.object({
  ArtifactName: Text.min(1),
  ArtifactTypeInfoProvides: z.record(Text, Text).nullable().optional(),
})

/**
 * What the client has begun and not ended, from the bytes of its store. Throws `device.bad-frame`: what cannot be read
 * may be anything.
 */
export function readWork(store: Uint8Array): Work {
  const entries = readStore(store)
  const standalone = entries.get('standalone-state')
  const committed = entries.get('artifact-name')
  return {
    committed: committed ? printable(textOf(committed)) : null,
    pending: standalone ? parsePending(standalone) : null,
    daemon: entries.has('state') || entries.has('state-uncommitted'),
  }
}

function parsePending(bytes: Uint8Array): Pending {
  try {
    const state = Standalone.parse(JSON.parse(textOf(bytes)))
    const artifact = printable(state.ArtifactName)
    const provides = new Map(Object.entries(state.ArtifactTypeInfoProvides ?? {}))
    return { artifact, provides: new Map([...provides, ['artifact_name', artifact]]) }
  } catch (cause) {
    throw new AppError('device.bad-frame', { detail: { what: 'standalone-state' }, cause })
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8').replace(/\0+$/, '')
}
