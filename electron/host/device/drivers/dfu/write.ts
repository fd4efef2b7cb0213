import { AppError } from '../../../../../shared/errors.ts'
import type { Payload } from '../../../protocol/dfu/client.ts'
import { compareMemory, writeMemory } from '../../../protocol/dfu/dfuse.ts'
import { compareImage, manifest, sendImage } from '../../../protocol/dfu/download.ts'
import type { Stage } from '../../../protocol/dfu/flow.ts'
import type { Image, WriteOptions } from '../../driver.ts'
import { memoryOf, targetOf } from './memory.ts'
import { type DfuSession, inDfuMode } from './session.ts'

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
  if (image.facts.kind === 'swu') throw new AppError('artifact.wrong-type', { detail: { kind: image.facts.kind } })
  if (session.held !== null && session.held !== image.component) {
    // It can hold one image at a time: the one before would be lost without a word.
    throw new AppError('device.refused', { detail: { reason: 'holds-another-image', component: session.held } })
  }
  await client.choose(memoryOf(session, image.component).alternate, signal)
  const payload = payloadOf(image, options)
  if (traits.dfuse) {
    const target = await targetOf(session, image, signal)
    await client.run(writeMemory(target, traits), payload, signal)
    if (traits.canUpload && target.ground.readable) await client.run(compareMemory(target, traits), payload, signal)
  } else {
    session.held = null
    await client.run(sendImage(image.length, traits), payload, signal)
    if (traits.manifestationTolerant) {
      const end = await client.run(manifest(traits), payload, signal)
      if (end === 'idle' && traits.canUpload) await client.run(compareImage(image.length, traits), payload, signal)
    } else session.held = image.component
  }
  options.progress(image.length, image.length)
}

function payloadOf(image: Image, options: WriteOptions): Payload {
  let reported = 0
  return {
    read: (offset, length) => image.read(offset, length),
    between: () => options.between(),
    progress(stage, done, total) {
      const [from, to] = SHARES[stage]
      const reached = Math.floor(image.length * (from + (to - from) * (done / total)))
      if (reached <= reported) return
      reported = reached
      options.progress(reached, image.length)
    },
  }
}
