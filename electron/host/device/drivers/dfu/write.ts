import { AppError } from '../../../../../shared/errors.ts'
import type { Payload } from '../../../protocol/dfu/client.ts'
import { compareMemory, eraseMemory, writeMemory } from '../../../protocol/dfu/dfuse.ts'
import { compareImage, manifest, sendImage } from '../../../protocol/dfu/download.ts'
import type { Stage } from '../../../protocol/dfu/flow.ts'
import type { Image, WriteOptions } from '../../driver.ts'
import { risingProgress } from '../rising-progress.ts'
import { type MemoryPlan, memoryPlans } from './memory.ts'
import { type DfuSession, inDfuMode } from './session.ts'
import { stretchesOf } from './stretches.ts'

/** Share of the progress at which each stage begins and ends: erasing is slow, reading back is quick. */
const SHARES: Readonly<Record<Stage, readonly [from: number, to: number]>> = {
  erase: [0, 0.2],
  write: [0.2, 0.85],
  'read-back': [0.85, 1],
}

/**
 * Writes one image, and reads it back wherever the device lets itself be read. Nothing is started: a device that starts
 * what it takes over is left holding the image, for {@link startDevice}. Throws `device.*`, `link.*`, `artifact.*`.
 */
export async function writeImage(
  session: DfuSession,
  image: Image,
  options: WriteOptions,
  signal: AbortSignal,
): Promise<void> {
  const { client, traits } = inDfuMode(session)
  if (session.held !== null && session.held !== image.component) {
    // It can hold one image at a time: the one before would be lost without a word.
    throw new AppError('device.refused', { detail: { reason: 'holds-another-image', component: session.held } })
  }
  const stretches = await stretchesOf(session, image)
  if (traits.dfuse) await writeMemories(session, await memoryPlans(session, stretches, signal), image, options, signal)
  else {
    const [only] = stretches
    if (!only) throw new AppError('internal')
    session.held = null
    await client.choose(only.alternate, signal)
    const payload = payloadOf(image, only.length, options)
    await client.run(sendImage(only.length, traits), payload, signal)
    if (traits.manifestationTolerant) {
      const end = await client.run(manifest(traits), payload, signal)
      if (end === 'idle' && traits.canUpload) await client.run(compareImage(only.length, traits), payload, signal)
    } else session.held = image.component
  }
  options.progress(image.length, image.length)
}

async function writeMemories(
  session: DfuSession,
  plans: readonly MemoryPlan[],
  image: Image,
  options: WriteOptions,
  signal: AbortSignal,
): Promise<void> {
  const { client, traits } = inDfuMode(session)
  const total = plans.flatMap(({ targets }) => targets).reduce((sum, { length }) => sum + length, 0)
  const payload = payloadOf(image, total, options)
  for (const { alternate, targets, erase, readable } of plans) {
    await client.choose(alternate, signal)
    await client.run(eraseMemory(erase, traits), payload, signal)
    for (const target of targets) await client.run(writeMemory(target, traits), payload, signal)
    for (const target of traits.canUpload && readable ? targets : []) {
      await client.run(compareMemory(target, traits), payload, signal)
    }
  }
}

/** The bytes of an image, and how far they are: `total` of them go to the device. */
function payloadOf(image: Image, total: number, options: WriteOptions): Payload {
  const report = risingProgress(image, options)
  const stages = new Map<Stage, { before: number; last: number }>()
  return {
    read: (offset, length) => image.read(offset, length),
    between: () => options.between(),
    progress(stage, done, of) {
      const seen = stages.get(stage) ?? { before: 0, last: 0 }
      // The next stretch of the same stage begins at 0 again.
      if (done < seen.last) seen.before += seen.last
      seen.last = done
      stages.set(stage, seen)
      const [from, to] = SHARES[stage]
      const share = stage === 'erase' ? done / of : (seen.before + done) / total
      report(image.length * (from + (to - from) * Math.min(share, 1)))
    },
  }
}
