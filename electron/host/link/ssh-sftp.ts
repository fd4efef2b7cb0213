import type { SFTPWrapper } from 'ssh2'
import { AppError } from '../../../shared/errors.ts'
import type { SshConnection } from './ssh-connect.ts'
import { sshError } from './ssh-errors.ts'
import { abortError } from './waiting.ts'

/** SSH_FXP_STATUS codes (draft-ietf-secsh-filexfer-02, 7). */
export const SFTP_STATUS = { noSuchFile: 2, failure: 4 } as const

/** The file operations of one device, as promises that also end when the connection does. */
export interface Sftp {
  /** Null: there is no such file. */
  sizeOf(path: string): Promise<number | null>
  /** Bytes that may still be written in a folder; null: the device does not tell (`statvfs@openssh.com`). */
  free(folder: string): Promise<number | null>
  open(path: string, mode: 'new' | 'extend'): Promise<SftpFile>
  /** Puts a file in another's place in one step where the device can (`posix-rename@openssh.com`). */
  replace(from: string, to: string): Promise<void>
  /** What `work` asks for goes out together. */
  together(work: () => void): void
  end(): void
}

export interface SftpFile {
  write(bytes: Uint8Array, offset: number): Promise<void>
  size(): Promise<number>
  /** False: the device does not offer it (`fsync@openssh.com`). */
  sync(): Promise<boolean>
  close(): Promise<void>
}

/** Throws `link.unsupported` for a device without SFTP. */
export async function openSftp(connection: SshConnection, signal: AbortSignal): Promise<Sftp> {
  const { client, address, gone } = connection
  const ended = AbortSignal.any([signal, gone])
  const waiting = new Set<(error: AppError) => void>()
  const onEnd = () => {
    for (const reject of waiting) reject(abortError(ended))
    waiting.clear()
  }
  ended.addEventListener('abort', onEnd, { once: true })
  /** Calls an operation. Connections that break leave callbacks uncalled: `ended` ends the wait. */
  const ask = <T = void>(call: (done: (error: Error | null | undefined, value?: T) => void) => void): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (ended.aborted) return reject(abortError(ended))
      waiting.add(reject)
      call((error, value) => {
        waiting.delete(reject)
        if (error) reject(error)
        else resolve(value as T)
      })
    })
  const sftp = await ask<SFTPWrapper>((done) => client.sftp(done)).catch((error: unknown) => {
    if (ended.aborted) throw sshError(error, address, ended)
    throw new AppError('link.unsupported', { detail: { address, what: 'sftp' }, cause: error })
  })
  sftp.on('error', () => {})

  return {
    async sizeOf(path) {
      try {
        const { size } = await ask<{ size: number }>((done) => sftp.stat(path, done))
        return size
      } catch (error) {
        if (statusOf(error) === SFTP_STATUS.noSuchFile) return null
        throw error
      }
    },
    free: (folder) =>
      orNull(async () => {
        const found = await ask<{ f_bavail: number; f_frsize: number }>((done) =>
          sftp.ext_openssh_statvfs(folder, done),
        )
        return found.f_bavail * found.f_frsize
      }, ended),
    async open(path, mode) {
      const handle = await ask<Buffer>((done) => sftp.open(path, mode === 'new' ? 'w' : 'r+', { mode: 0o600 }, done))
      return {
        write: (bytes, offset) =>
          ask((done) =>
            sftp.write(
              handle,
              Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
              0,
              bytes.length,
              offset,
              (error) => done(error),
            ),
          ),
        size: async () => (await ask<{ size: number }>((done) => sftp.fstat(handle, done))).size,
        sync: async () =>
          (await orNull(async () => {
            await ask((done) => sftp.ext_openssh_fsync(handle, done))
            return true
          }, ended)) ?? false,
        close: () => ask((done) => sftp.close(handle, (error) => done(error))),
      }
    },
    async replace(from, to) {
      const done = await orNull(async () => {
        await ask((done) => sftp.ext_openssh_rename(from, to, (error) => done(error)))
        return true
      }, ended)
      if (done) return
      // Plain SFTP renames onto nothing: the old file goes first.
      await ask((done) => sftp.unlink(to, (error) => done(error))).catch((error: unknown) => {
        if (ended.aborted || statusOf(error) !== SFTP_STATUS.noSuchFile) throw error
      })
      await ask((done) => sftp.rename(from, to, (error) => done(error)))
    },
    together: (work) => connection.together(work),
    end() {
      ended.removeEventListener('abort', onEnd)
      sftp.end()
    },
  }
}

export function statusOf(error: unknown): number | null {
  const { code } = (error ?? {}) as { readonly code?: unknown }
  return typeof code === 'number' ? code : null
}

/** What a server may not offer: null then. A connection that has gone is still an error, and so is what the server says. */
async function orNull<T>(work: () => Promise<T>, ended: AbortSignal): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (ended.aborted || statusOf(error) !== null) throw error
    return null
  }
}
