import { sha256Hex } from '../../host/crypto/hash.ts'
import { type SmpBody, wholeNumber } from '../../host/protocol/smp/body.ts'
import { type Answer, no, yes } from './answer.ts'
import { flags, type ImagePair, imageInfo } from './image-pair.ts'

export interface ImageServerConfig {
  readonly slotSize: number
  /** ms that erasing the slot takes, inside the reply to chunk 0. */
  readonly eraseMs: number
  /** Flash word: only whole ones are consumed, the end apart. */
  readonly align: number
  /** Whether `sha` is honoured: an old server starts over at each chunk 0. */
  readonly resumes: boolean
}

interface Session {
  readonly image: number
  readonly length: number
  readonly sha: string
  readonly off: number
  /** The slot's flash, as long as the file. */
  readonly flash: Buffer
}

const GROUP_IMAGE = 1

/** The image group of a device: slots that survive a power cut, and one upload session that does not. */
export class ImageServer {
  pairs: readonly ImagePair[]
  /** What slot 0 claims to run, for a device that lies. */
  claim: string | null = null
  refuseUploads = false
  readonly #config: ImageServerConfig
  #session: Session | null = null

  constructor(pairs: readonly ImagePair[], config: ImageServerConfig) {
    this.pairs = pairs
    this.#config = config
  }

  /** Bytes of the upload under way that are in flash. */
  get uploaded(): number {
    return this.#session?.off ?? 0
  }

  forgetSession(): void {
    this.#session = null
  }

  /** The boot loader writes over what runs, and with it over whatever was planned. */
  replacePrimary(image: number, primary: Uint8Array): void {
    this.#set(image, { primary, mark: 'none', trial: false })
  }

  /** Sizes of the slots, by image. */
  slots(): Answer {
    const size = this.#config.slotSize
    const images = this.pairs.map((_, image) => ({
      image,
      slots: [
        { slot: 0, size },
        { slot: 1, size, upload_image_id: image },
      ],
      max_image_size: size,
    }))
    return yes({ images })
  }

  list(): Answer {
    const images: SmpBody[] = []
    for (const [image, pair] of this.pairs.entries()) {
      for (const [slot, bytes] of [pair.primary, pair.secondary].entries()) {
        const info = imageInfo(bytes)
        if (!info) continue
        const version = slot === 0 && this.claim !== null ? this.claim : info.version
        const where = image === 0 ? { slot } : { image, slot }
        const found = { version, hash: Buffer.from(info.hash, 'hex'), bootable: true, ...flags(pair)[slot] }
        images.push({ ...where, ...found })
      }
    }
    return yes({ images, splitStatus: 0 })
  }

  /** Test or confirm. Without a hash, only the running image of pair 0 can be meant. */
  mark(body: SmpBody): Answer {
    const confirm = body.confirm === true
    const hash = body.hash
    if (hash === undefined) {
      if (!confirm) return no(GROUP_IMAGE, 8, 3)
      this.#set(0, { trial: false })
      return this.list()
    }
    const wanted = hash instanceof Uint8Array ? Buffer.from(hash).toString('hex') : ''
    for (const [image, pair] of this.pairs.entries()) {
      if (imageInfo(pair.primary)?.hash === wanted) {
        if (!confirm) return no(GROUP_IMAGE, 33, 6)
        this.#set(image, { trial: false })
        return this.list()
      }
      if (imageInfo(pair.secondary)?.hash === wanted) {
        this.#set(image, { mark: confirm ? 'permanent' : 'test' })
        return this.list()
      }
    }
    return no(GROUP_IMAGE, 8, 3)
  }

  erase(body: SmpBody): Answer {
    const slot = wholeNumber(body, 'slot') ?? 1
    const image = Math.floor(slot / 2)
    const pair = this.pairs[image]
    if (!pair || slot % 2 === 0) return no(GROUP_IMAGE, 14, 3)
    if (this.#isNeeded(pair)) return no(GROUP_IMAGE, 28, 6)
    this.#session = null
    this.#set(image, { secondary: new Uint8Array() })
    return { ...yes({}), busyMs: this.#config.eraseMs }
  }

  upload(body: SmpBody): Answer {
    const off = wholeNumber(body, 'off')
    const data = body.data
    if (off === null) return no(GROUP_IMAGE, 20, 3)
    if (!(data instanceof Uint8Array)) return no(GROUP_IMAGE, 2, 3)
    if (off === 0) return this.#begin(body, data)
    // After the last byte, or a power cut, there is no session: every chunk is answered with "from 0".
    return this.#session ? this.#append(this.#session, off, data) : yes({ off: 0 })
  }

  #begin(body: SmpBody, data: Uint8Array): Answer {
    const [image, length] = [wholeNumber(body, 'image') ?? 0, wholeNumber(body, 'len')]
    const sha = body.sha instanceof Uint8Array ? Buffer.from(body.sha).toString('hex') : ''
    const pair = this.pairs[image]
    if (length === null) return no(GROUP_IMAGE, 21, 3)
    if (data.length < 32) return no(GROUP_IMAGE, 22, 3)
    if (Buffer.compare(data.subarray(0, 4), Buffer.from('3db8f396', 'hex')) !== 0) return no(GROUP_IMAGE, 23, 3)
    if (!pair || this.#isNeeded(pair)) return no(GROUP_IMAGE, 9, 5)
    if (this.refuseUploads) return no(GROUP_IMAGE, 29, 6)
    if (length > this.#config.slotSize) return no(GROUP_IMAGE, 30, 3)
    const same = this.#session?.sha === sha && this.#session.image === image && sha !== ''
    if (this.#session && same && this.#config.resumes) return yes({ off: this.#session.off })
    this.#set(image, { secondary: new Uint8Array() })
    return {
      ...this.#append({ image, length, sha, off: 0, flash: Buffer.alloc(length) }, 0, data),
      busyMs: this.#config.eraseMs,
    }
  }

  #append(session: Session, off: number, data: Uint8Array): Answer {
    if (off !== session.off) return yes({ off: session.off })
    if (off + data.length > session.length) return no(GROUP_IMAGE, 31, 3)
    const last = off + data.length === session.length
    const used = last ? data : data.subarray(0, data.length - (data.length % this.#config.align))
    const now = off + used.length
    session.flash.set(used, off)
    const secondary = session.flash.subarray(0, now)
    this.#set(session.image, { secondary })
    this.#session = last ? null : { ...session, off: now }
    const match = last && session.sha !== '' ? { match: sha256Hex(secondary) === session.sha } : {}
    return yes({ off: now, ...match })
  }

  /** The secondary slot holds what the next start, or a fall-back, needs. */
  #isNeeded(pair: ImagePair): boolean {
    return pair.mark !== 'none' || pair.trial
  }

  #set(image: number, change: Partial<ImagePair>): void {
    this.pairs = this.pairs.map((pair, index) => (index === image ? { ...pair, ...change } : pair))
  }
}
