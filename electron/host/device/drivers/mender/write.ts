import { AppError } from '../../../../../shared/errors.ts'
import { downloaded, failureOf, isUnverified, parseLog } from '../../../protocol/mender/client-log.ts'
import { untrusted } from '../../../protocol/mender/config.ts'
import type { Job } from '../../../protocol/mender/job.ts'
import type { Image, WriteOptions, WriteOutcome } from '../../driver.ts'
import { risingProgress } from '../rising-progress.ts'
import { follow } from './follow.ts'
import { tell } from './read.ts'
import { isCommittedUnseen, REBOOT_NEEDED, type Told } from './running.ts'
import { artifactOf, type MenderSession } from './session.ts'
import { takeBack } from './undo.ts'
import { proveVerifyKey } from './verify-key.ts'

/** Share of the progress that is the upload; the rest is the installation. */
const UPLOAD_SHARE = 0.6

/**
 * Uploads an artifact and lets the client install it. Looks first at what the device did already: an installation that
 * an earlier life of the console began is waited for, one that succeeded is not done again, and one of somebody else
 * is never put another on top of, for that would take away its way back (the client itself would do it). Throws
 * `device.verify-key`, `device.pending-image`, `device.busy`, the client's refusals, or what `between` threw.
 */
export async function writeArtifact(
  session: MenderSession,
  image: Image,
  options: WriteOptions,
  signal: AbortSignal,
): Promise<WriteOutcome> {
  await proveVerifyKey(session, signal)
  await proveType(session, image, signal)
  const progress = progressOf(image, options)
  const before = await standing(session, image, signal)
  if (before === 'held') return { alreadyHeld: true }
  if (before === 'none') {
    await upload(session, image, progress, options, signal)
    await session.client.start({ what: 'install', artifact: artifactOf(image), sha256: image.sha256 }, signal)
  }
  await install(session, image, progress, options, signal)
  options.progress(image.length, image.length)
  return { alreadyHeld: false }
}

/** What the device says it is must be what the artifact names, before a byte is sent. */
async function proveType({ client }: MenderSession, image: Image, signal: AbortSignal): Promise<void> {
  const { hardware } = image.facts
  if (hardware.length === 0) return
  const found = await client.deviceType(signal)
  if (found !== null && hardware.includes(found)) return
  throw new AppError('device.incompatible', { detail: { reason: 'device-type', found, expected: hardware.join(', ') } })
}

/** What became of earlier attempts. Throws when somebody else's stands in the way. */
async function standing(
  session: MenderSession,
  image: Image,
  signal: AbortSignal,
): Promise<'none' | 'running' | 'held'> {
  const told = await tell(session, signal)
  const { pending, job, daemon } = told
  if (job?.state === 'running') {
    if (isInstallOf(job, image)) return 'running'
    throw new AppError('device.busy', { detail: { reason: job.what } })
  }
  if (daemon) throw new AppError('device.busy', { detail: { reason: 'deployment' } })
  if (holds(told, image) && isInstallOf(job, image) && job?.state === 'ended') return 'held'
  if (pending)
    throw new AppError('device.pending-image', { detail: { version: pending.artifact, state: 'uncommitted' } })
  return 'none'
}

function isInstallOf(job: Job | null, image: Image): boolean {
  return job?.what === 'install' && job.sha256 === image.sha256
}

/** The client has the artifact, and it waits for the restart or the commit. */
export function holds({ pending, committed, job }: Told, image: Image): boolean {
  const name = artifactOf(image)
  return pending ? pending.artifact === name : isCommittedUnseen(committed, job) && job?.artifact === name
}

interface Progress {
  uploaded(done: number): void
  installed(share: number): void
}

function progressOf(image: Image, options: WriteOptions): Progress {
  const { length } = image
  const report = risingProgress(image, options)
  return {
    uploaded: (done) => report(done * UPLOAD_SHARE),
    installed(share) {
      const told = report(0)
      const target = length * (UPLOAD_SHARE + (1 - UPLOAD_SHARE) * share * 0.9)
      // Scripts have no measure. Whatever they say is a sign of life, and never the end.
      report(Math.max(target, told + Math.floor((length - told) / 100)))
    },
  }
}

async function upload(
  { client }: MenderSession,
  image: Image,
  progress: Progress,
  options: WriteOptions,
  signal: AbortSignal,
): Promise<void> {
  const watch = { progress: (done: number) => progress.uploaded(done), between: () => options.between() }
  await client.upload(image, watch, signal)
  // The last moment at which stopping leaves the device as it is.
  await options.between()
}

async function install(
  session: MenderSession,
  image: Image,
  progress: Progress,
  options: WriteOptions,
  signal: AbortSignal,
): Promise<void> {
  const said = (text: string) => progress.installed(downloaded(text))
  // Once the client installs, stopping it would harm more than it helps: its own end counts.
  const job = await follow(session, { said, between: () => options.between().catch(() => {}) }, signal)
  const entries = parseLog(job.log)
  await session.client.removeUpload(image.sha256, signal)
  if (job.code !== 0 && job.code !== REBOOT_NEEDED) throw failureOf(entries)
  const refused = isUnverified(entries) ? untrusted('not-verified') : needlessWait(session, job)
  if (refused) {
    await takeBack(session, image, signal)
    throw refused
  }
  const told = await tell(session, signal)
  const name = artifactOf(image)
  if (told.pending?.artifact === name || told.committed === name) return
  throw new AppError('device.write-failed', { detail: { reason: 'not-held', code: job.code } })
}

/** A payload that wants a restart, in a device whose profile knows of none. */
function needlessWait({ binding }: MenderSession, { code }: Job): AppError | null {
  if (binding.restart !== 'none' || code !== REBOOT_NEEDED) return null
  return new AppError('device.refused', { detail: { what: 'write', reason: 'wants-restart' } })
}
