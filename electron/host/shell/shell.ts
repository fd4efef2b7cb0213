import type { ShellContract } from '../../../shared/contract/shell.ts'
import type { Client } from '../../../shared/rpc/define.ts'

/** Whoever answers the shell contract, as the host holds it. */
export interface Shell {
  readonly client: Client<ShellContract>
  close(): void
}
