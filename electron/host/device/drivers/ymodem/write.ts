import { crc32 } from 'node:zlib'
import { AppError } from '../../../../../shared/errors.ts'
import type { Image, WriteOptions, WriteOutcome } from '../../driver.ts'
import { risingProgress } from '../rising-progress.ts'
import { loadImage } from './load.ts'
import type { NetworkOptions } from './load-by-tftp.ts'
import type { ConsoleSession } from './session.ts'
import { runSteps, type StepFacts } from './steps.ts'

/** Share of the progress that is the transfer; the rest are the steps behind it. */
const LOAD_SHARE = 0.9
const BLOCK = 256 * 1024

/**
 * Loads an image into the device's memory, proves its checksum there, and has it stored. Until the first step of
 * storing it may be stopped, and is: `between` decides. Throws `device.*`, `link.*`, `artifact.corrupt`, or what
 * `between` threw.
 */
export async function writeImage(
  session: ConsoleSession,
  image: Image,
  options: WriteOptions,
  network: NetworkOptions | null,
  signal: AbortSignal,
): Promise<WriteOutcome> {
  if ((await session.attention(signal)) !== 'bootloader') {
    throw new AppError('device.refused', { detail: { what: 'write', reason: 'not-in-boot-loader' } })
  }
  const { check, store, load } = session.binding
  const facts: StepFacts = {
    address: Number(load.address),
    length: image.length,
    version: image.version,
    crc32: await checksum(image),
  }
  const progress = risingProgress(image, options)
  await loadImage(
    session,
    image,
    { between: () => options.between(), progress: (done) => progress(done * LOAD_SHARE) },
    network,
    signal,
  )
  await runSteps(session, check, facts, () => {}, signal)
  // The last moment at which stopping leaves the device as it is.
  await options.between()
  session.stored = 'begun'
  const stored = (at: number) => progress(image.length * (LOAD_SHARE + ((1 - LOAD_SHARE) * at) / store.length))
  await runSteps(session, store, facts, stored, signal)
  return { alreadyHeld: false }
}

/** CRC-32 of the bytes that are about to be sent. Whether they are the ones that were signed, `image.read` looks after. */
async function checksum(image: Image): Promise<number> {
  let crc = 0
  for (let at = 0; at < image.length; at += BLOCK) {
    const block = await image.read(at, Math.min(BLOCK, image.length - at))
    if (block.length === 0) throw new AppError('artifact.corrupt', { detail: { off: at, got: 0 } })
    crc = crc32(block, crc)
  }
  return crc
}
