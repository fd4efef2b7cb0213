import { AppError } from '../../../shared/errors.ts'
import { parseAddress } from './address.ts'
import type { Link, LinkOpener, OpenOptions } from './link.ts'

/** Opens any address for whose scheme there is an opener. Throws `link.unsupported`, `link.bad-address`, `link.*`. */
export async function openLink(
  openers: readonly LinkOpener[],
  address: string,
  options: OpenOptions,
  signal: AbortSignal,
): Promise<Link> {
  const { scheme } = parseAddress(address)
  const opener = openers.find((candidate) => candidate.scheme === scheme)
  if (!opener) throw new AppError('link.unsupported', { detail: { address } })
  return opener.open(address, options, signal)
}
