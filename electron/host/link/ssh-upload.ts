import { AppError } from '../../../shared/errors.ts'
import { createHasher } from '../crypto/hash.ts'
import type { FileSource, SshOutcome, UploadWatch } from './link.ts'
import { statusOf } from './sftp-talk.ts'
import { Flight } from './ssh-flight.ts'
import { Pulse } from './ssh-pulse.ts'
import type { Sftp, SftpFile } from './ssh-sftp.ts'
import { throwIfAborted } from './waiting.ts'

/** Bytes on the way to the device: as many as it takes in one beat of the pulse, so that a reading waits no longer. */
const LEAST_AHEAD = 256 * 1024
const MOST_AHEAD = 4 * 1024 * 1024
/**
 * One write, as one packet of SSH and of any SFTP server (32 KiB and a head). Longer ones would be cut up and their
 * parts sent out of order, so that what a broken upload leaves has holes.
 */
const PIECE = 30 * 1024
/** The same for OpenSSH, which takes 256 KiB: it is known by its extensions. */
const OPENSSH_PIECE = 240 * 1024
const READ = 1024 * 1024

export interface UploadTools {
  readonly sftp: Sftp
  /** Runs a program on the device. */
  readonly run: (argv: readonly string[]) => Promise<SshOutcome>
}

/** Puts a file on the device. Resolves to the bytes that were there already. */
export async function uploadFile(
  { sftp, run }: UploadTools,
  path: string,
  file: FileSource,
  watch: UploadWatch,
  signal: AbortSignal,
): Promise<number> {
  const pulse = new Pulse(watch, signal)
  const cut = path.lastIndexOf('/')
  const folder = path.slice(0, cut) || '/'
  const temporary = `${path.slice(0, cut)}/.${path.slice(cut + 1)}.part`
  const sameAsOurs = async (place: string, length: number) => {
    const theirs = await pulse.during(remoteHash(run, place))
    return theirs !== null && theirs === (await localHash(file, length, pulse, signal))
  }

  if ((await sftp.sizeOf(path)) === file.length && (await pulse.during(remoteHash(run, path))) === file.sha256) {
    watch.progress(file.length, file.length)
    return file.length
  }
  const left = (await sftp.sizeOf(temporary)) ?? 0
  const held = left > 0 && left <= file.length && (await sameAsOurs(temporary, left)) ? left : 0
  // What is there already is overwritten or kept: it takes no room a second time.
  const told = await sftp.free(folder)
  checkRoom(told ?? (await roomByDf(run, folder)), file.length - left)
  const piece = told === null ? PIECE : OPENSSH_PIECE
  const open = await sftp.open(temporary, held > 0 ? 'extend' : 'new')
  let isDurable: boolean
  try {
    if (held > 0) watch.progress(held, file.length)
    try {
      await sendFrom(open, held, file, piece, watch, pulse, signal)
    } catch (error) {
      if (error instanceof AppError || statusOf(error) === null) throw error
      // SFTP has no word for a full disk: `Failure` is all that it says.
      checkRoom((await sftp.free(folder)) ?? (await roomByDf(run, folder)), PIECE)
      throw error
    }
    isDurable = await pulse.during(open.sync())
    const size = await open.size()
    if (size !== file.length) throw new AppError('device.write-failed', { detail: { size, expected: file.length } })
  } finally {
    if (!signal.aborted) await open.close().catch(() => {})
  }
  if (!isDurable) await pulse.during(flush(run, temporary))
  await sftp.replace(temporary, path)
  return held
}

async function sendFrom(
  open: SftpFile,
  from: number,
  file: FileSource,
  piece: number,
  watch: UploadWatch,
  pulse: Pulse,
  signal: AbortSignal,
): Promise<void> {
  let acked = from
  const flight = new Flight((bytes) => {
    acked += bytes
    pulse.moved(bytes)
    watch.progress(acked, file.length)
  })
  /** Memory that a block lay in, and that the device has all of. */
  const spare: Uint8Array[] = []
  const most = () => Math.min(MOST_AHEAD, Math.max(LEAST_AHEAD, pulse.moves))
  const read = async (offset: number) => {
    const memory = spare.pop() ?? new Uint8Array(READ)
    // Never across a block of the artifact store: each of those is hashed anew as a whole.
    const length = Math.min(READ - (offset % READ), most() / 2, file.length - offset)
    return { memory, bytes: await file.read(offset, length, memory) }
  }
  try {
    let ahead = from < file.length ? read(from) : null
    for (let offset = from; ahead; ) {
      const { memory, bytes } = await ahead
      throwIfAborted(signal)
      if (bytes.length === 0) throw new AppError('artifact.corrupt', { detail: { offset } })
      const writes: Promise<void>[] = []
      for (let at = 0; at < bytes.length; at += piece) {
        const part = bytes.subarray(at, at + piece)
        const write = open.write(part, offset + at)
        flight.launch(write, part.length)
        writes.push(write)
      }
      Promise.all(writes).then(
        () => spare.push(memory),
        () => {},
      )
      offset += bytes.length
      // One block ahead: the disk works while the device takes the one before.
      ahead = offset < file.length ? read(offset) : null
      ahead?.catch(() => {})
      await pulse.beat()
      while (flight.ahead > most() / 2) await pulse.during(flight.landing())
    }
    while (flight.ahead > 0) await pulse.during(flight.landing())
  } finally {
    await flight.settled()
  }
}

/** Null: the device cannot say. */
async function remoteHash(run: UploadTools['run'], path: string): Promise<string | null> {
  const { code, stdout } = await run(['sha256sum', path])
  return code === 0 ? (/^\\?([0-9a-f]{64}) /.exec(stdout)?.[1] ?? null) : null
}

async function localHash(file: FileSource, length: number, pulse: Pulse, signal: AbortSignal): Promise<string> {
  const hasher = createHasher()
  for (let offset = 0; offset < length; ) {
    throwIfAborted(signal)
    const bytes = await file.read(offset, Math.min(READ, length - offset))
    hasher.update(bytes)
    offset += bytes.length
    await pulse.beat()
  }
  return hasher.hex()
}

/** Free bytes in a folder; null: the device has no way to say, and the upload itself will show. */
async function roomByDf(run: UploadTools['run'], folder: string): Promise<number | null> {
  // POSIX df -P: one line a file system; 1024-byte blocks in the fourth column.
  const { code, stdout } = await run(['df', '-Pk', folder])
  const blocks = /^.+?\s+\d+\s+\d+\s+(\d+)\s+\d+%/m.exec(stdout)?.[1]
  return code === 0 && blocks !== undefined ? Number(blocks) * 1024 : null
}

function checkRoom(free: number | null, needed: number): void {
  if (free !== null && free < needed) throw new AppError('device.no-space', { detail: { needed, free } })
}

/** Durable without SFTP's own word for it: `sync FILE`, and where that is not known everything there is. */
async function flush(run: UploadTools['run'], path: string): Promise<void> {
  if ((await run(['sync', path])).code === 0 || (await run(['sync'])).code === 0) return
  throw new AppError('device.write-failed', { detail: { reason: 'not-durable' } })
}
