import type { ShellContract } from '../../../shared/contract/shell.ts'
import type { Client } from '../../../shared/rpc/define.ts'

/** The keystore of the operating system, or what stands in for it. Throws `host.no-keystore`. */
export interface KeyProtector {
  protect(bytes: Uint8Array): Promise<Uint8Array>
  unprotect(bytes: Uint8Array): Promise<Uint8Array>
}

export function shellProtector(shell: Client<ShellContract>): KeyProtector {
  return {
    protect: async (bytes) => fromBase64((await shell.shell.protect({ bytes: toBase64(bytes) })).bytes),
    unprotect: async (bytes) => fromBase64((await shell.shell.unprotect({ bytes: toBase64(bytes) })).bytes),
  }
}

const toBase64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))
