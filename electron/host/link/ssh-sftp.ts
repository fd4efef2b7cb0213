import { AppError } from '../../../shared/errors.ts'
import { ASK, freeOf, type SftpField } from './sftp-packets.ts'
import { openSftpTalk, SFTP_STATUS, SftpRefusal, type SftpTalk, statusOf } from './sftp-talk.ts'
import type { SshConnection } from './ssh-connect.ts'
import { sshError } from './ssh-errors.ts'

/** SSH_FXF_* and SSH_FILEXFER_ATTR_PERMISSIONS (5, 6.3). */
const OPEN = { new: 0x02 | 0x08 | 0x10, extend: 0x01 | 0x02 } as const
const WITH_MODE = 0x04
const OWNER_ONLY = 0o600

/** The file operations of one device, as promises that also end when the connection does. */
export interface Sftp {
  /** Null: there is no such file. */
  sizeOf(path: string): Promise<number | null>
  /** Bytes that may still be written in a folder; null: the device does not tell (`statvfs@openssh.com`). */
  free(folder: string): Promise<number | null>
  open(path: string, mode: 'new' | 'extend'): Promise<SftpFile>
  /** Puts a file in another's place in one step where the device can (`posix-rename@openssh.com`). */
  replace(from: string, to: string): Promise<void>
  end(): void
}

export interface SftpFile {
  /** `bytes` are not copied: they stay as they are until it has resolved. */
  write(bytes: Uint8Array, offset: number): Promise<void>
  size(): Promise<number>
  /** False: the device does not offer it (`fsync@openssh.com`). */
  sync(): Promise<boolean>
  close(): Promise<void>
}

/** Throws `link.unsupported` for a device without SFTP. */
export async function openSftp(connection: SshConnection, signal: AbortSignal): Promise<Sftp> {
  const { address, gone } = connection
  const ended = AbortSignal.any([signal, gone])
  try {
    const { talk, extensions } = await openSftpTalk(connection, ended)
    return operations(talk, extensions)
  } catch (error) {
    if (ended.aborted) throw sshError(error, address, ended)
    throw new AppError('link.unsupported', { detail: { address, what: 'sftp' }, cause: error })
  }
}

function operations(talk: SftpTalk, extensions: ReadonlySet<string>): Sftp {
  /** Null: the server has no such extension. */
  const extended = (name: string, expected: 'status' | 'extended', ...fields: readonly SftpField[]) =>
    extensions.has(name) ? talk.ask(ASK.extended, expected, [name, ...fields]) : null
  const sizeAt = async (type: number, place: SftpField) => {
    const { size } = await talk.ask(type, 'attrs', [place])
    if (size === null) throw new SftpRefusal(SFTP_STATUS.failure, 'no size')
    return size
  }
  return {
    async sizeOf(path) {
      try {
        return await sizeAt(ASK.stat, path)
      } catch (error) {
        if (statusOf(error) === SFTP_STATUS.noSuchFile) return null
        throw error
      }
    },
    async free(folder) {
      const told = await extended('statvfs@openssh.com', 'extended', folder)
      return told?.type === 'extended' ? freeOf(told.data) : null
    },
    async open(path, mode) {
      const { handle } = await talk.ask(ASK.open, 'handle', [path, OPEN[mode], WITH_MODE, OWNER_ONLY])
      return {
        async write(bytes, offset) {
          await talk.ask(ASK.write, 'status', [handle, BigInt(offset), bytes.length], bytes)
        },
        size: () => sizeAt(ASK.fstat, handle),
        sync: async () => (await extended('fsync@openssh.com', 'status', handle)) !== null,
        async close() {
          await talk.ask(ASK.close, 'status', [handle])
        },
      }
    },
    async replace(from, to) {
      if ((await extended('posix-rename@openssh.com', 'status', from, to)) !== null) return
      // Plain SFTP renames onto nothing: the old file goes first.
      await talk.ask(ASK.remove, 'status', [to]).catch((error: unknown) => {
        if (statusOf(error) !== SFTP_STATUS.noSuchFile) throw error
      })
      await talk.ask(ASK.rename, 'status', [from, to])
    },
    end: () => talk.end(),
  }
}
