import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { HostAddress } from '../../shared/host-address.ts'
import { writePrivateFile } from './store/private-files.ts'

const path = (dataDir: string) => join(dataDir, 'run', 'host.json')

/** Says where this host is, to whoever may read the owner's files. */
export function writeHostFile(dataDir: string, address: HostAddress): void {
  writePrivateFile(path(dataDir), JSON.stringify(address), { fleeting: true })
}

export function removeHostFile(dataDir: string): void {
  rmSync(path(dataDir), { force: true })
}
