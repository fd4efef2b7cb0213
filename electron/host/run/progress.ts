import { type Progress, RUN_STEPS, type RunStep } from '../../../shared/model/run.ts'

/** The rate is that of the last seconds, so that a slow start or a stall shows, ms. */
const WINDOW_MS = 5_000
/** Less than this says nothing about a rate yet, ms. */
const SETTLED_MS = 500

/** Turns "done of total" into progress that never goes backwards within a step, with rate and time left. */
export class ProgressMeter {
  #step: RunStep | null = null
  #part = ''
  #done = 0
  #samples: { readonly at: number; readonly done: number }[] = []

  /**
   * `part` tells images of one step apart. `bytes`: whether `total` is bytes, which alone has a rate.
   * `at` is monotonic ms.
   */
  report(step: RunStep, part: string, done: number, total: number, bytes: boolean, at: number): Progress {
    if (step !== this.#step || part !== this.#part) {
      this.#step = step
      this.#part = part
      this.#done = 0
      this.#samples = []
    }
    this.#done = Math.min(Math.max(this.#done, done), total)
    this.#samples = [...this.#samples.filter((sample) => at - sample.at <= WINDOW_MS), { at, done: this.#done }]
    const rate = bytes ? this.#rate() : null
    return {
      step,
      index: RUN_STEPS.indexOf(step) + 1,
      of: RUN_STEPS.length,
      done: this.#done,
      total,
      rate,
      etaMs: rate !== null && rate > 0 ? Math.round(((total - this.#done) / rate) * 1000) : null,
    }
  }

  /** Bytes a second. */
  #rate(): number | null {
    const first = this.#samples[0]
    const last = this.#samples.at(-1)
    if (!first || !last || last.at - first.at < SETTLED_MS) return null
    return Math.round(((last.done - first.done) / (last.at - first.at)) * 1000)
  }
}
