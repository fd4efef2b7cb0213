import { AppError } from '../../../shared/errors.ts'
import { readFileIfAny, writeFileDurably } from '../files.ts'
import type { DepotLayout } from '../layout.ts'
import { contentOf } from '../published.ts'
import type { Signed } from '../signing.ts'
import { type RequestedFile, readSigningRequest, type SigningRequest, validSignatures } from './request.ts'

/** The request that is on its way, with the signatures that came back. */
export async function readPending(layout: DepotLayout): Promise<SigningRequest | null> {
  const bytes = await readFileIfAny(layout.pending)
  return bytes && readSigningRequest(bytes, layout.pending)
}

export async function writePending(layout: DepotLayout, request: SigningRequest): Promise<void> {
  await writeFileDurably(layout.pending, requestText(request))
}

export function requestText(request: SigningRequest): string {
  return `${JSON.stringify(request, null, 2)}\n`
}

/**
 * The pending request with the signatures of one that came back. Only signatures are taken over, each only when it is
 * good for what was sent out. Throws `depot.ceremony-other` when it is another request, or was changed on its way.
 */
export function withSignatures(pending: SigningRequest | null, back: SigningRequest): SigningRequest {
  if (!pending) throw new AppError('depot.ceremony-other')
  const sent = new Map(back.files.map((file) => [file.name, file]))
  const files = pending.files.map((file) => {
    const returned = sent.get(file.name)
    if (!returned || JSON.stringify(returned.signed) !== JSON.stringify(file.signed)) {
      throw new AppError('depot.ceremony-other', { detail: { role: file.name } })
    }
    const signatures = validSignatures({ ...file, signatures: { ...returned.signatures, ...file.signatures } })
    return { ...file, signatures: Object.fromEntries(signatures) }
  })
  return { ...pending, files }
}

/**
 * The pending file that says what is about to be signed: same content, same version, and signed for by now. Null when
 * the depot has moved on since it went out, for then it would say something else.
 */
export function pendingFor(
  pending: SigningRequest | null,
  draft: { readonly name: string; readonly version: number; readonly content: Signed; readonly now: number },
): RequestedFile | null {
  const file = pending?.files.find(({ name }) => name === draft.name)
  if (!file || file.signed.version !== draft.version) return null
  if (Date.parse(file.signed.expires) <= draft.now) return null
  return contentOf(file.signed) === contentOf(draft.content) ? file : null
}
