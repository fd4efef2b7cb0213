import { type FileHandle, lstat, mkdir, open, readdir, rename, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError, isAppError } from '../../../../shared/errors.ts'
import { hashFile } from '../../crypto/hash.ts'
import { syncDir } from '../../store/private-files.ts'
import type { PackFile } from './pack-contents.ts'
import { failure, PACK_FOLDER, requireName } from './pack-folder.ts'

/** A large file of a pack, from the artifact store. */
export interface PackArtifact {
  readonly name: readonly string[]
  readonly sha256: string
  readonly length: number
  /** Its bytes in order, each verified. */
  stream(): AsyncIterable<Uint8Array>
}

export interface WritePack {
  /** The folder or stick that a person chose. */
  readonly into: string
  readonly artifacts: readonly PackArtifact[]
  /** In the order of {@link packFiles}: the last one puts the pack in force. */
  readonly files: readonly PackFile[]
  /** Folders in which nothing else stays. */
  readonly owns: readonly (readonly string[])[]
  readonly signal: AbortSignal
  /** Bytes of artifacts that are there. */
  readonly onProgress: (done: number) => void
}

/**
 * Writes a pack, or brings one that is there up to date. A pack that was good before stays so until the last
 * file changes; what was written before a stop is not written again. Returns its folder.
 * Throws `pack.full`, `pack.unwritable`, `pack.bad-file`, `artifact.*`, `cancelled`.
 */
export async function writePack(pack: WritePack): Promise<string> {
  const root = join(pack.into, PACK_FOLDER)
  try {
    await requireFolder(pack.into)
    await makeFolder(root)
    await requireSpace(root, pack)
    let done = 0
    for (const artifact of pack.artifacts) {
      await writeArtifact(root, artifact, pack, done)
      done += artifact.length
      pack.onProgress(done)
    }
    for (const { name, bytes } of pack.files) {
      requireGoing(pack.signal)
      await writeFile(root, name, async (file) => file.writeFile(bytes))
    }
    const keep = new Set([...pack.artifacts, ...pack.files].map(({ name }) => name.join('/')))
    for (const own of pack.owns) await removeOthers(root, own, keep)
    return root
  } catch (error) {
    throw writeError(error, pack)
  }
}

async function writeArtifact(root: string, artifact: PackArtifact, pack: WritePack, before: number): Promise<void> {
  const { name, sha256, length } = artifact
  requireGoing(pack.signal)
  if (await isThere(join(root, ...name), sha256, length, pack.signal)) return
  await writeFile(root, name, async (file) => {
    let done = 0
    for await (const bytes of artifact.stream()) {
      requireGoing(pack.signal)
      await file.writeFile(bytes)
      done += bytes.length
      pack.onProgress(before + done)
    }
  })
}

async function isThere(path: string, sha256: string, length: number, signal: AbortSignal): Promise<boolean> {
  const found = await lstat(path).catch(() => null)
  if (!found?.isFile() || found.size !== length) return false
  // A damaged one is replaced; a stick that cannot be read will say so when it is written.
  return hashFile(path, { signal }).then(
    (hashed) => hashed.sha256 === sha256,
    () => false,
  )
}

/** Content before name, so that a stick pulled out at any moment holds whole files or none. */
async function writeFile(
  root: string,
  name: readonly string[],
  write: (file: FileHandle) => Promise<void>,
): Promise<void> {
  for (const part of name) requireName(part)
  let folder = root
  for (const part of name.slice(0, -1)) {
    folder = join(folder, part)
    await makeFolder(folder)
  }
  const path = join(folder, name.at(-1) ?? '')
  const unfinished = `${path}.part`
  await rm(unfinished, { force: true })
  const file = await open(unfinished, 'wx', 0o644)
  try {
    await write(file)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(unfinished, path)
  syncDir(folder)
}

/** One level; what is there must be a folder and no link to one. */
async function makeFolder(path: string): Promise<void> {
  await mkdir(path).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  })
  if (!(await lstat(path)).isDirectory())
    throw new AppError('pack.bad-file', { detail: { file: path, why: 'no-folder' } })
}

async function requireFolder(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null)
  if (!found) throw new AppError('file.not-found', { detail: { path } })
}

/** Said before the first byte. What is there already is counted as missing where its size differs. */
async function requireSpace(root: string, { artifacts, files }: WritePack): Promise<void> {
  let needed = files.reduce((sum, { bytes }) => sum + bytes.length, 0)
  for (const { name, length } of artifacts) {
    const found = await lstat(join(root, ...name)).catch(() => null)
    if (found?.size !== length) needed += length
  }
  const { bavail, bsize } = await statfs(root)
  const free = bavail * bsize
  if (needed > free) throw new AppError('pack.full', { detail: { needed, free } })
}

/** What an older pack had and this one has not. Nothing outside of the folders that are ours is touched. */
async function removeOthers(root: string, own: readonly string[], keep: ReadonlySet<string>): Promise<void> {
  let top = root
  for (const part of own) {
    requireName(part)
    top = join(top, part)
    if (!(await lstat(top).catch(() => null))?.isDirectory()) return
  }
  const entries = await readdir(top, { recursive: true, withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    if (entry.isDirectory()) continue
    const path = join(entry.parentPath, entry.name)
    const name = path
      .slice(root.length + 1)
      .split(/[\\/]/)
      .join('/')
    if (!keep.has(name)) await rm(path, { force: true })
  }
}

function writeError(error: unknown, { signal, into }: WritePack): unknown {
  if (signal.aborted) return new AppError('cancelled', { cause: error })
  if (isAppError(error)) return error
  if (!(error instanceof Error) || !('code' in error)) return error
  const full = error.code === 'ENOSPC' || error.code === 'EDQUOT'
  return failure(full ? 'pack.full' : 'pack.unwritable', [into], error)
}

function requireGoing(signal: AbortSignal): void {
  if (signal.aborted) throw new AppError('cancelled')
}
