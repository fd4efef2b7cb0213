import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { FileStore } from '@tus/file-store'
import { Server } from '@tus/server'
import { z } from 'zod'
import { AppError, isAppError } from '../../../shared/errors.ts'
import { AuditHead } from '../../../shared/model/audit.ts'
import { Sha256Hex, Slug } from '../../../shared/model/text.ts'
import type { Intake } from './intake.ts'

/** Larger than any segment that a console makes (8 MiB of sealed entries), bytes. */
export const MAX_UPLOAD_BYTES = 32 * 1024 * 1024
/** An upload that was not finished by then is removed, ms. */
const DEAD_AFTER_MS = 7 * 24 * 60 * 60 * 1000
/** Uploads of one console that may lie here, finished or not; a receipt that was fetched makes room. */
const MAX_OPEN = 8

/** `carrier`: the console that brings another's segment, which that other one put on a stick. */
const Claim = z.object({ console: Slug, segment: Sha256Hex, head: z.string().max(2000), carrier: Slug.optional() })
type Claim = z.infer<typeof Claim>

/** The tus 1.0 side of the intake: an upload may begin once its console is admitted, and ends with a verdict. */
export class TusIntake {
  readonly server: Server
  readonly #store: FileStore
  readonly #intake: Intake

  constructor(intake: Intake, path: string) {
    this.#intake = intake
    this.#store = new FileStore({ directory: intake.uploadsDir, expirationPeriodInMilliseconds: DEAD_AFTER_MS })
    this.server = new Server({
      path,
      datastore: this.#store,
      relativeLocation: true,
      maxSize: MAX_UPLOAD_BYTES,
      // No page has any business here.
      allowedOrigins: [],
      disableTerminationForFinishedUploads: true,
      onUploadCreate: async (_request, { size, metadata }) => {
        await this.#admit(size, metadata)
        return {}
      },
      onUploadFinish: async (_request, { id, metadata }) => {
        await this.#take(id, readClaim(metadata))
        return {}
      },
      onResponseError: (_request, error) => answer(error),
    })
  }

  /** Judges uploads that are whole and were not judged, because the server ended in between: all, or one segment's. */
  async finishLeftovers(segment?: string): Promise<void> {
    for (const id of await this.#uploadIds()) {
      const upload = await this.#store.getUpload(id).catch(() => null)
      if (upload === null || upload.size === undefined || upload.offset !== upload.size) continue
      if (segment !== undefined && upload.metadata?.segment !== segment) continue
      // A refusal is an answer too; it waits for whoever asks for the receipt.
      await this.#take(id, readClaim(upload.metadata)).catch(() => undefined)
    }
  }

  async removeDead(): Promise<void> {
    await this.server.cleanUpExpiredUploads()
  }

  /** The console has its receipt: nothing is left to resume. */
  async forget(segment: string): Promise<void> {
    for (const id of await this.#uploadIds()) {
      const upload = await this.#store.getUpload(id).catch(() => null)
      if (upload?.metadata?.segment === segment) await this.#store.remove(id).catch(() => undefined)
    }
  }

  async #admit(size: number | undefined, metadata: Metadata): Promise<void> {
    if (size === undefined || size < 1) throw new AppError('audit.refused', { detail: { why: 'no-length' } })
    const claim = readClaim(metadata)
    const carried = claim.carrier !== undefined && claim.carrier !== claim.console
    await this.#intake.admit(claim.console, readHead(claim), { carried })
    const here = await Promise.all((await this.#uploadIds()).map((id) => this.#store.getUpload(id).catch(() => null)))
    const theirs = here.filter((upload) => upload?.metadata?.console === claim.console)
    if (theirs.length >= MAX_OPEN) throw new AppError('audit.refused', { detail: { why: 'too-many-uploads' } })
  }

  async #take(id: string, { console, segment, carrier }: Claim): Promise<void> {
    try {
      await this.#intake.take(join(this.#intake.uploadsDir, id), { console, segment, carrier })
    } catch (error) {
      // Kept as evidence. Sent again it is to be judged again, not found complete.
      if (isAppError(error) && error.code.startsWith('audit.')) await this.#store.remove(id).catch(() => undefined)
      throw error
    }
  }

  async #uploadIds(): Promise<string[]> {
    const names = await readdir(this.#intake.uploadsDir)
    return names.flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : []))
  }
}

type Metadata = Record<string, string | null> | undefined

function readClaim(metadata: Metadata): Claim {
  const claim = Claim.safeParse(metadata)
  if (!claim.success) throw new AppError('audit.bad-head', { detail: { what: 'metadata' }, cause: claim.error })
  return claim.data
}

function readHead({ head }: Claim): AuditHead {
  try {
    return AuditHead.parse(JSON.parse(head))
  } catch (cause) {
    throw new AppError('audit.bad-head', { detail: { what: 'head' }, cause })
  }
}

/** The code and the facts of a refusal as JSON; of anything else, nothing that says how this server is built. */
function answer(error: Error | { status_code: number; body: string }): { status_code: number; body: string } {
  if (isAppError(error)) {
    return { status_code: error.code.startsWith('audit.') ? 422 : 500, body: JSON.stringify(error.toData()) }
  }
  if (error instanceof Error && !('status_code' in error)) return { status_code: 500, body: 'the upload failed\n' }
  return error as { status_code: number; body: string }
}
