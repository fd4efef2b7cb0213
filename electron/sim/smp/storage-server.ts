import { sha256 } from '../../host/crypto/hash.ts'
import { type SmpBody, wholeNumber } from '../../host/protocol/smp/body.ts'
import type { SmpPacket } from '../../host/protocol/smp/packet.ts'
import { type Answer, no, yes } from './answer.ts'

const GROUP_SETTINGS = 3
const GROUP_FS = 8
/** Header, keys and numbers of an answer that carries a piece of a file. */
const ANSWER_OVERHEAD = 40

/** Settings and a small file system. */
export class StorageServer {
  readonly files = new Map<string, Uint8Array>()
  readonly #bufSize: number
  #saved: ReadonlyMap<string, Uint8Array> = new Map([
    ['unit/name', Buffer.from('Simulated\0')],
    ['unit/hours', Buffer.from([0xd2, 0x04, 0, 0])],
  ])
  #settings = new Map(this.#saved)

  constructor(bufSize: number) {
    this.#bufSize = bufSize
  }

  /** What was written and not saved does not survive a restart. */
  restart(): void {
    this.#settings = new Map(this.#saved)
  }

  setting({ id, op, body }: SmpPacket): Answer {
    if (id === 3 && op === 2) {
      this.#saved = new Map(this.#settings)
      return yes({})
    }
    if (id !== 0) return no(null, 8)
    const { name, val } = body
    if (typeof name !== 'string') return no(GROUP_SETTINGS, 3, 3)
    if (!this.#settings.has(name)) return no(GROUP_SETTINGS, 5, 1)
    if (op === 0) return yes({ val: this.#settings.get(name) })
    if (!(val instanceof Uint8Array)) return no(GROUP_SETTINGS, 6, 3)
    this.#settings.set(name, val)
    return yes({})
  }

  file({ id, op, body }: SmpPacket): Answer {
    const { name } = body
    if (typeof name !== 'string' || !name.startsWith('/')) return no(GROUP_FS, 2, 3)
    if (id === 0 && op === 2) return this.#write(name, body)
    const content = this.files.get(name)
    if (!content) return no(GROUP_FS, 3, 5)
    if (id === 0) return this.#read(content, body)
    if (id === 1) return yes({ len: content.length })
    if (id === 2 && body.type === 'sha256') return yes({ type: 'sha256', len: content.length, output: sha256(content) })
    return id === 2 ? no(GROUP_FS, 13, 3) : no(null, 8)
  }

  #read(content: Uint8Array, body: SmpBody): Answer {
    const off = wholeNumber(body, 'off') ?? 0
    if (off > content.length) return no(GROUP_FS, 12, 3)
    const data = content.subarray(off, off + this.#bufSize - ANSWER_OVERHEAD)
    return yes(off === 0 ? { off, data, len: content.length } : { off, data })
  }

  /** A piece that does not follow the last one is left, and the answer says what does. */
  #write(name: string, body: SmpBody): Answer {
    const { data } = body
    const off = wholeNumber(body, 'off')
    if (off === null || !(data instanceof Uint8Array)) return no(GROUP_FS, 11, 3)
    const before = off === 0 ? new Uint8Array() : (this.files.get(name) ?? new Uint8Array())
    if (off !== before.length) return yes({ off: before.length })
    const now = Buffer.concat([before, data])
    this.files.set(name, now)
    return yes({ off: now.length })
  }
}
