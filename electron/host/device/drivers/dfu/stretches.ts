import { AppError } from '../../../../../shared/errors.ts'
import { readDfuse } from '../../../artifact/dfu/dfuse.ts'
import { ANY_ID, type DfuSuffix, readDfuSuffix } from '../../../artifact/dfu/suffix.ts'
import type { Image } from '../../driver.ts'
import { type DfuSession, inDfuMode } from './session.ts'

/** Bytes of an image that belong together on the device. */
export interface Stretch {
  /** Alternate setting. */
  readonly alternate: number
  /** First byte on the device, DfuSe only; null: where the component's memory begins. */
  readonly address: number | null
  /** In the file. */
  readonly offset: number
  readonly length: number
}

/**
 * What of the file goes where. Throws `artifact.wrong-type` for files that no boot loader of this kind takes as they
 * are, `device.incompatible` for one whose suffix names another device.
 */
export async function stretchesOf(session: DfuSession, image: Image): Promise<readonly Stretch[]> {
  const { traits } = inDfuMode(session)
  const memory = memoryOf(session, image.component)
  switch (image.facts.kind) {
    case 'raw':
    case 'mcuboot':
      return [{ ...memory, offset: 0, length: image.length }]
    case 'dfu': {
      const suffix = await suffixOf(session, image)
      return [{ ...memory, offset: 0, length: image.length - suffix.length }]
    }
    case 'dfuse': {
      if (!traits.dfuse) throw wrongType(image)
      const targets = await readDfuse(image, await suffixOf(session, image))
      const found = targets.flatMap(({ alternate, elements }) => elements.map((one) => ({ alternate, ...one })))
      if (found.length === 0) throw wrongType(image)
      return found.filter(({ length }) => length > 0)
    }
    case 'swu':
    case 'mender':
    case 'rauc':
    case 'srec':
    case 'intel-hex':
    case 'uf2':
      throw wrongType(image)
  }
  return image.facts.kind satisfies never
}

/** Alternate setting and, for DfuSe, address of a component. */
export function memoryOf({ binding }: DfuSession, component: string): Pick<Stretch, 'alternate' | 'address'> {
  const memory = Object.hasOwn(binding.memories, component) ? binding.memories[component] : undefined
  return { alternate: memory?.alternate ?? 0, address: memory?.address === undefined ? null : Number(memory.address) }
}

/** USB DFU 1.1 B: the ids in a suffix name the device it is for, in either of its modes. */
async function suffixOf({ binding }: DfuSession, image: Image): Promise<DfuSuffix> {
  const suffix = await readDfuSuffix(image)
  if (!suffix) throw wrongType(image)
  const fits = (id: number, wanted: string) => id === ANY_ID || id === Number.parseInt(wanted, 16)
  if (binding.usb.some(({ vid, pid }) => fits(suffix.vendor, vid) && fits(suffix.product, pid))) return suffix
  const [found, expected] = [idsText(suffix), binding.usb.map(({ vid, pid }) => `${vid}:${pid}`).join(', ')]
  throw new AppError('device.incompatible', { detail: { found, expected } })
}

function idsText({ vendor, product }: DfuSuffix): string {
  return [vendor, product].map((id) => id.toString(16).padStart(4, '0')).join(':')
}

function wrongType({ facts }: Image): AppError {
  return new AppError('artifact.wrong-type', { detail: { kind: facts.kind } })
}
