import { createReadStream } from 'node:fs'
import { DetailedError, Upload, type UploadOptions } from 'tus-js-client'
import { AppError } from '../../../shared/errors.ts'
import { answerError } from './intake-answer.ts'
import { type AgentFor, tusHttpStack } from './tus-http-stack.ts'

export interface TusUpload {
  readonly endpoint: URL
  readonly path: string
  readonly size: number
  readonly metadata: Readonly<Record<string, string>>
  /** Where an earlier attempt was sent to, to go on there. */
  readonly uploadUrl: string | null
  /** Told before the first byte is sent, so that a restart can go on there. */
  readonly onUrl: (url: string) => void
  /** Bytes handed to the network so far, of `size`. */
  readonly onProgress: (done: number) => void
  readonly idleMs: number
  /** Waits between attempts, ms. They begin anew whenever the server has more bytes than before. */
  readonly pauses: readonly number[]
  readonly agent?: AgentFor | undefined
  readonly signal: AbortSignal
}

/** A PATCH carries at most this; what the server confirmed is never sent again. */
const CHUNK_BYTES = 4 * 1024 * 1024

/**
 * Sends a file by tus 1.0. Goes on after a cut at whatever byte the server has, also in another
 * process. Throws `cancelled`, `sync.unreachable`, `sync.stalled`, `sync.http`, or the coded reason
 * with which the intake refused.
 */
export async function tusUpload(task: TusUpload): Promise<void> {
  const { signal } = task
  signal.throwIfAborted()
  await new Promise<void>((resolve, reject) => {
    const options: UploadOptions = {
      endpoint: task.endpoint.href,
      uploadUrl: task.uploadUrl,
      metadata: { ...task.metadata },
      chunkSize: CHUNK_BYTES,
      retryDelays: [...task.pauses],
      // The address is kept in our own database, under the segment's id.
      storeFingerprintForResuming: false,
      httpStack: tusHttpStack({ origin: task.endpoint.origin, idleMs: task.idleMs, agent: task.agent }),
      fileReader: { openFile: (path: string) => Promise.resolve(fileSource(path, task.size)) },
      onUploadUrlAvailable: () => {
        if (upload.url !== null) task.onUrl(upload.url)
      },
      onProgress: (sent) => task.onProgress(sent),
      onSuccess: () => finish(resolve),
      onError: (error) => finish(() => reject(uploadError(error))),
    }
    const upload = new Upload(task.path as unknown as Buffer, options)
    const abort = () => {
      void upload.abort()
      finish(() => reject(new AppError('cancelled')))
    }
    const finish = (settle: () => void) => {
      signal.removeEventListener('abort', abort)
      settle()
    }
    signal.addEventListener('abort', abort, { once: true })
    upload.start()
  })
}

type FileSource = Awaited<ReturnType<NonNullable<UploadOptions['fileReader']>['openFile']>>

function fileSource(path: string, size: number): FileSource {
  return {
    size,
    slice(start, end) {
      const to = Math.min(end, size)
      const value = Object.assign(createReadStream(path, { start, end: to - 1 }), { size: to - start })
      return Promise.resolve({ value, done: to >= size })
    },
    close: () => undefined,
  }
}

function uploadError(error: Error | DetailedError): AppError {
  if (!(error instanceof DetailedError)) return new AppError('sync.unreachable', { cause: error })
  const response = error.originalResponse
  if (response !== null) return answerError(response.getStatus(), response.getBody())
  const cause: unknown = error.causingError ?? error
  return cause instanceof AppError ? cause : new AppError('sync.unreachable', { cause })
}
