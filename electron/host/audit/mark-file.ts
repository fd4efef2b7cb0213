import { readFileSync } from 'node:fs'
import { AuditHead } from '../../../shared/model/audit.ts'
import { writePrivateFile } from '../store/private-files.ts'
import { type ConsoleSigner, checkHeadSignature } from './chain-head.ts'
import type { Mark } from './epoch.ts'

/**
 * The newest signed head, in a file beside the database: a database that is put back from a copy ends
 * before it, and that is seen at the next start. Whoever puts both back is found out by the server.
 */
export function readMark(path: string, signer: ConsoleSigner): Mark {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return { kind: missing ? 'none' : 'unreadable' }
  }
  try {
    const head = AuditHead.parse(JSON.parse(text))
    if (head.console !== signer.console) return { kind: 'unreadable' }
    checkHeadSignature(head, signer.publicKey)
    return { kind: 'head', head }
  } catch {
    return { kind: 'unreadable' }
  }
}

export function writeMark(path: string, head: AuditHead): void {
  writePrivateFile(path, JSON.stringify(head))
}
