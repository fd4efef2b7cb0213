import type { SmpPacket } from '../../host/protocol/smp/packet.ts'
import { type Answer, no, yes } from './answer.ts'

export interface OsConfig {
  readonly bufSize: number
  readonly bufCount: number
  /** The params command is an option of the firmware. */
  readonly hasParams: boolean
}

const GROUP_OS = 0
const TASKS = {
  main: { prio: 0, tid: 2, state: 4, stkuse: 180, stksiz: 512 },
  'mcumgr smp': { prio: 3, tid: 0, state: 128, stkuse: 250, stksiz: 512 },
}
const POOLS = { msys: { blksiz: 292, nblks: 12, nfree: 9, min: 7 } }
const DATETIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?$/

/** The operating-system group. Its clock runs from when somebody sets it until the next restart. */
export class OsServer {
  readonly #config: OsConfig
  readonly #monotonic: () => number
  /** What was added to the uptime to make it the time; null: nobody has set it. */
  #epoch: number | null = null

  constructor(config: OsConfig, monotonic: () => number) {
    this.#config = config
    this.#monotonic = monotonic
  }

  forgetTime(): void {
    this.#epoch = null
  }

  /** ms since 1970; null: the clock was not set. */
  get time(): number | null {
    return this.#epoch === null ? null : this.#epoch + this.#monotonic()
  }

  handle({ id, op, body }: SmpPacket): Answer {
    if (id === 0) return yes({ r: body.d ?? '' })
    if (id === 2) return yes({ tasks: TASKS })
    if (id === 3) return yes(POOLS)
    if (id === 4) return op === 0 ? this.#show() : this.#set(body.datetime)
    if (id === 5 && op === 2) return { ...yes({}), effect: body.boot_mode === 1 ? 'recovery' : 'restart' }
    if (id === 6 && this.#config.hasParams) {
      return yes({ buf_size: this.#config.bufSize, buf_count: this.#config.bufCount })
    }
    if (id === 7) return yes({ output: 'Zephyr' })
    if (id === 8) return yes(body.query === 'mode' ? { mode: 3 } : { bootloader: 'MCUboot' })
    return no(null, 8)
  }

  #show(): Answer {
    if (this.time === null) return no(GROUP_OS, 4, 5)
    return yes({ datetime: new Date(this.time).toISOString().replace('Z', '000') })
  }

  #set(said: unknown): Answer {
    const at = typeof said === 'string' && DATETIME.test(said) ? Date.parse(`${said}Z`) : Number.NaN
    if (Number.isNaN(at)) return no(GROUP_OS, 2, 3)
    this.#epoch = at - this.#monotonic()
    return yes({})
  }
}
