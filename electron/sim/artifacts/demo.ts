import { sha256 } from '../../host/crypto/hash.ts'
import { seededRandom } from '../faults.ts'
import type { SimType } from '../profiles.ts'
import { DEMO_SECRET } from './demo-key.ts'
import { ed25519ImageSigner, makeMcuboot } from './mcuboot-maker.ts'
import { makeSwu } from './swu-maker.ts'

export interface FirmwareOptions {
  readonly type: SimType
  readonly version: string
  /** Bytes of the body. */
  readonly size?: number
  /** How the self-test ends on this version. */
  readonly selfTest?: 'pass' | 'fail'
}

/** A signed MCUboot image that the simulated machine of this type accepts. */
export function makeFirmware(options: FirmwareOptions): Uint8Array {
  return makeMcuboot({
    version: options.version,
    body: imageBody(options),
    sign: ed25519ImageSigner(DEMO_SECRET),
  })
}

export interface SystemOptions extends FirmwareOptions {
  readonly hardware?: readonly string[]
  /** A CMS signature over the description; a simulated winch asks for none. */
  readonly sign?: (description: Uint8Array) => Uint8Array | Promise<Uint8Array>
}

/** A SWUpdate package for the simulated winch. */
export function makeSystem(options: SystemOptions): Promise<Uint8Array> {
  return makeSwu({
    version: options.version,
    hardware: options.hardware ?? ['1.2'],
    description: `${options.type} ${options.version}`,
    images: [{ name: 'rootfs.img', bytes: imageBody(options), device: '/dev/mmcblk0p3' }],
    ...(options.sign && { sign: options.sign }),
  })
}

/** Readable at its start, so that a simulated machine knows how it should behave; noise after that. */
export function imageBody(options: Omit<FirmwareOptions, 'type'> & { readonly type: string }): Uint8Array {
  const { type, version, size = 96 * 1024, selfTest = 'pass' } = options
  const body = Buffer.alloc(size)
  const random = seededRandom(Buffer.from(sha256(`${type} ${version}`)).readUInt32LE(0))
  for (let at = 0; at < size; at += 1) body[at] = Math.floor(random() * 256)
  body.write(`${type} ${version} selftest=${selfTest}\n`, 'latin1')
  return body
}
