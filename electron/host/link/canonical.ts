import { lookup } from 'node:dns/promises'
import { realpath } from 'node:fs/promises'
import { parseAddress } from './address.ts'

/**
 * One spelling for addresses that lead to the same place: a serial port behind its links (`/dev/serial/by-id`), a
 * host name as the address it has now. What cannot be resolved stays as it is.
 */
export async function canonicalAddress(address: string): Promise<string> {
  const parsed = parseAddress(address)
  if ('path' in parsed) {
    const path = await realpath(parsed.path).catch(() => parsed.path)
    return `${parsed.scheme}:${path}`
  }
  const host = await lookup(parsed.host).then(
    (found) => found.address,
    () => parsed.host.toLowerCase(),
  )
  return `${parsed.scheme}://${host}:${parsed.port ?? ''}`
}
