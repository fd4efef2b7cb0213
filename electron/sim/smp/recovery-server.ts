import { wholeNumber } from '../../host/protocol/smp/body.ts'
import { GROUP, type SmpPacket } from '../../host/protocol/smp/packet.ts'
import { type Answer, no, yes } from './answer.ts'
import { imageInfo } from './image-pair.ts'
import type { ImageServer } from './image-server.ts'

/** What MCUboot decodes into by default. */
export const RECOVERY_BUFFER = 1024

/**
 * MCUboot in serial recovery: a list, an upload into the primary slot, a restart, and nothing else. It runs none of
 * what it lists, always says `rc`, and takes up no upload (MCUboot `boot_serial`).
 */
export class RecoveryServer {
  readonly #images: ImageServer
  #session: { readonly image: number; readonly flash: Buffer; readonly off: number } | null = null

  constructor(images: ImageServer) {
    this.#images = images
  }

  handle(packet: SmpPacket): Answer {
    const { group, id, op } = packet
    if (group === GROUP.os && id === 5 && op === 2) return { ...yes({ rc: 0 }), effect: 'restart' }
    if (group === GROUP.os && id === 6) return yes({ buf_size: RECOVERY_BUFFER, buf_count: 1 })
    if (group === GROUP.image && id === 0 && op === 0) return this.#list()
    if (group === GROUP.image && id === 1) return this.#upload(packet)
    return no(null, 8)
  }

  #list(): Answer {
    const images = this.#images.pairs.flatMap(({ primary }, image) => {
      const info = imageInfo(primary)
      if (!info?.intact) return []
      return [{ ...(image > 0 && { image }), slot: 0, version: info.version, hash: Buffer.from(info.hash, 'hex') }]
    })
    return yes({ images })
  }

  #upload({ body }: SmpPacket): Answer {
    const [off, length] = [wholeNumber(body, 'off'), wholeNumber(body, 'len')]
    const { data } = body
    if (off === null || !(data instanceof Uint8Array)) return no(null, 3)
    if (off === 0) {
      const image = wholeNumber(body, 'image') ?? 0
      if (length === null || !this.#images.pairs[image]) return no(null, 3)
      this.#session = { image, flash: Buffer.alloc(length), off: 0 }
    }
    if (!this.#session || off !== this.#session.off) return yes({ rc: 0, off: this.#session?.off ?? 0 })
    const { image, flash } = this.#session
    if (off + data.length > flash.length) return no(null, 3)
    flash.set(data, off)
    const now = off + data.length
    this.#images.replacePrimary(image, flash.subarray(0, now))
    this.#session = now === flash.length ? null : { image, flash, off: now }
    return yes({ rc: 0, off: now })
  }
}
