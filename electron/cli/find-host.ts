import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONTRACT_VERSION, contract, type SlipwayContract } from '../../shared/contract/index.ts'
import { isAppError } from '../../shared/errors.ts'
import { HostAddress } from '../../shared/host-address.ts'
import { type Connection, connect } from '../../shared/rpc/client.ts'
import { openSocketWire } from '../../shared/rpc/socket-wire.ts'

/**
 * Connects to the host that runs in a data folder, or null when there is none.
 * @throws AppError `rpc.version-mismatch`, `rpc.unauthorised`, `cancelled`
 */
export async function findHost(dataDir: string, signal: AbortSignal): Promise<Connection<SlipwayContract> | null> {
  const address = readHostFile(dataDir)
  if (!address || !isOurs(address.pid)) return null
  try {
    return await connectTo(address, signal)
  } catch (error) {
    // It ended between its file and our call.
    if (isAppError(error, 'host.unavailable') || isAppError(error, 'rpc.closed')) return null
    throw error
  }
}

export async function connectTo(
  { port, token }: Pick<HostAddress, 'port' | 'token'>,
  signal: AbortSignal,
): Promise<Connection<SlipwayContract>> {
  const wire = await openSocketWire(new WebSocket(`ws://127.0.0.1:${port}/rpc`), signal)
  return connect(wire, { contract, version: CONTRACT_VERSION, token, signal })
}

function readHostFile(dataDir: string): HostAddress | null {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(join(dataDir, 'run', 'host.json'), 'utf8'))
  } catch {
    return null
  }
  return HostAddress.safeParse(json).data ?? null
}

/**
 * Whether the process still lives and belongs to us. A host that was killed leaves its file behind,
 * and by now a stranger on this laptop may listen on its port, hoping for a passphrase: a process of
 * another user answers EPERM, and does not count.
 */
function isOurs(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
