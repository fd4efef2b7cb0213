import { AppError } from '../../../../../shared/errors.ts'
import { orAborted } from '../../../link/waiting.ts'
import { percentOf, refusalOf } from '../../../protocol/rauc/install.ts'
import type { Image, WriteOptions, WriteOutcome } from '../../driver.ts'
import { askCommand } from '../../ssh-source.ts'
import { risingProgress } from '../rising-progress.ts'
import type { RaucSession } from './session.ts'

/** Share of the progress that is the upload; the rest is RAUC's own work, which it tells in steps. */
const UPLOAD_SHARE = 0.75

/** Uploads a bundle and has it installed into the set of slots that does not run. */
export async function writeBundle(
  session: RaucSession,
  image: Image,
  options: WriteOptions,
  signal: AbortSignal,
): Promise<WriteOutcome> {
  if (await waits(session, image, signal)) {
    options.progress(image.length, image.length)
    return { alreadyHeld: true }
  }
  const { other, booted } = await session.slots(signal)
  if (!booted || !other) throw new AppError('device.no-slot', { detail: { component: image.component } })
  // The same name for the same bytes: what an attempt that broke off has left there is found again.
  const path = `${session.binding.folder}/slipway-${image.sha256.slice(0, 16)}.raucb`
  const tell = risingProgress(image, options)
  const watch = { between: () => options.between(), progress: (done: number) => void tell(done * UPLOAD_SHARE) }
  await session.link.upload(path, image, watch, signal)
  const outcome = await install(session, path, options, signal, (percent) =>
    tell(image.length * (UPLOAD_SHARE + ((1 - UPLOAD_SHARE) * percent) / 100)),
  )
  await askCommand(session.link, ['rm', '-f', path], session.timing.request, signal)
  if (outcome.stopped) throw outcome.stopped.error
  // What the program said is a hint, whatever its exit code: only the slots tell what was done.
  if (await waits(session, image, signal)) {
    tell(image.length)
    return { alreadyHeld: false }
  }
  if (outcome.code !== 0) throw refusalOf(`${outcome.stdout}\n${outcome.stderr}`)
  throw new AppError('device.write-failed', { detail: { reason: 'not-in-slot', component: image.component } })
}

/** Does the new bundle lie whole where the next restart starts? */
async function waits(session: RaucSession, image: Image, signal: AbortSignal): Promise<boolean> {
  const { other, primary } = await session.slots(signal)
  return other !== null && other.name === primary && other.version === image.version
}

/** RAUC cannot be stopped once it writes: a wish to stop is kept until it is done, and then told. */
async function install(
  session: RaucSession,
  path: string,
  options: WriteOptions,
  signal: AbortSignal,
  progress: (percent: number) => void,
) {
  const onLine = (line: string) => {
    const percent = percentOf(line)
    if (percent !== null) progress(percent)
  }
  const running = session.link.run(session.argv('install', path), { onLine }, signal)
  running.catch(() => {})
  let stopped: { readonly error: unknown } | null = null
  for (;;) {
    const pause: { timer?: ReturnType<typeof setTimeout> } = {}
    const due = new Promise<null>((resolve) => {
      pause.timer = setTimeout(() => resolve(null), session.timing.between)
    })
    const ended = await orAborted(Promise.race([running, due]), signal).finally(() => clearTimeout(pause.timer))
    if (ended) return { ...ended, stopped }
    try {
      if (!stopped) await options.between()
    } catch (error) {
      stopped = { error }
    }
  }
}
