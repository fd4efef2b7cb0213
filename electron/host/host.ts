import type { AppMode } from '../../shared/contract/app.ts'
import type { ShellContract } from '../../shared/contract/shell.ts'
import type { Client } from '../../shared/rpc/define.ts'
import type { Wire } from '../../shared/rpc/wire.ts'
import type { HostLog } from './log.ts'
import type { HostParts } from './wiring/parts.ts'

export interface HostOptions {
  /** Everything the console keeps is below this folder. One host a folder. */
  readonly dataDir: string
  readonly mode: AppMode
  /** The window's process, or the local stand-in of a headless host. */
  readonly shell: Client<ShellContract>
  readonly log: HostLog
  readonly parts?: HostParts
}

/** The running engine of the console, whoever is connected to it. */
export interface Host {
  /** Serves the app contract on a wire. `checkToken` where the wire itself proves nothing. */
  serve(wire: Wire, checkToken?: (token: string) => boolean): void
  /** Open client wires and unfinished runs: a host that was started for one command ends when both are 0. */
  load(): { readonly clients: number; readonly runs: number }
  /** Stops at safe points, signs the audit head, closes the store. */
  close(): Promise<void>
}

/** Builds the engine: `compose.ts`, or a stand-in in tests. */
export type Compose = (options: HostOptions) => Promise<Host>
