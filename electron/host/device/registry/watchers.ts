import { AppError } from '../../../../shared/errors.ts'
import type { DeviceKey } from '../../../../shared/model/device.ts'
import { sleep } from '../../link/waiting.ts'

/** ms between two looks at what is due. */
const SENSE_MS = 200

/** Reads the signals of devices only while somebody looks at them. */
export class SignalWatchers {
  readonly #sense: (key: DeviceKey, signal: AbortSignal) => Promise<void>
  readonly #closed: AbortSignal
  readonly #watched = new Map<DeviceKey, { count: number; readonly stop: AbortController }>()

  constructor(sense: (key: DeviceKey, signal: AbortSignal) => Promise<void>, closed: AbortSignal) {
    this.#sense = sense
    this.#closed = closed
  }

  /** Begins, or joins who watches already. The release may be called twice. */
  watch(key: DeviceKey): () => void {
    const known = this.#watched.get(key)
    const watched = known ?? { count: 0, stop: new AbortController() }
    watched.count += 1
    this.#watched.set(key, watched)
    if (!known) void this.#run(key, AbortSignal.any([watched.stop.signal, this.#closed]))
    let held = true
    return () => {
      if (!held) return
      held = false
      watched.count -= 1
      if (watched.count > 0) return
      watched.stop.abort(new AppError('cancelled'))
      this.#watched.delete(key)
    }
  }

  async #run(key: DeviceKey, signal: AbortSignal): Promise<void> {
    try {
      for (;;) {
        await this.#sense(key, signal)
        await sleep(SENSE_MS, signal)
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }
}
