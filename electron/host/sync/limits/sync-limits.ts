import type { Clock } from '../../../../shared/clock.ts'
import type { Settings } from '../../../../shared/contract/settings.ts'
import type { SyncLimitsView, SyncWish } from '../../../../shared/contract/sync.ts'
import { type DayWindow, isInside, type LocalClock } from '../../../../shared/day-window.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { TrustedTime } from '../trusted-time.ts'
import type { AllowanceRules, WaitsFor } from './allowance.ts'
import { spanOf, type WindowState, windowState } from './hours.ts'
import { linkCost, wordOn } from './link-cost.ts'
import type { LinkWatch } from './link-watch.ts'

export interface SyncLimitsOptions {
  readonly clock: Clock
  readonly time: Pick<TrustedTime, 'refreshTime'>
  readonly settings: () => Pick<Settings, 'syncBudgetBytes' | 'syncWindow' | 'syncMeteredBytes'>
  readonly link: LinkWatch
  /** The clocks on the wall where the laptop is. */
  readonly local: LocalClock
}

/** What one sync may cost, from its beginning on. */
export interface CurrentLimits {
  readonly rules: AllowanceRules
  /** Why nothing more may come; null: it may. */
  over(): AppError | null
  /** Why a file waits of which so many bytes are missing. */
  waits(why: WaitsFor, target: string | null, needed: number): AppError
  view(used: number): SyncLimitsView
}

/** Puts together what a person set, what they wish for one sync, the hour and the link. */
export class SyncLimits {
  readonly #options: SyncLimitsOptions
  #seen: { readonly key: string; readonly state: WindowState } | null = null

  constructor(options: SyncLimitsOptions) {
    this.#options = options
  }

  /** The limits of a sync that begins now. Throws `rpc.bad-input` for an end that is none. */
  begin(wish: SyncWish): CurrentLimits {
    const { clock, time, settings, link, local } = this.#options
    const { syncBudgetBytes, syncWindow, syncMeteredBytes } = settings()
    const now = time.refreshTime()
    const mono = clock.monotonic()
    const span = spanOf(wish, local, now)
    // Whoever says until when this one may run has said that it may run now.
    const window = span === null ? syncWindow : null
    const hours = this.#hours(window, now)
    const cost = linkCost(wish.metered ?? null, link.network, link.words)
    const budget = wish.budget ?? syncBudgetBytes
    const rules = { budget, metered: cost.metered, meteredBytes: syncMeteredBytes, open: hours.open }
    const outside = () => {
      const opens = hours.open ? this.#hours(window, time.refreshTime()) : hours
      return new AppError('sync.outside-window', {
        detail: { ...window, opensAt: opens.open ? null : opens.changesAt },
      })
    }
    // By two clocks, and the earlier end counts: one that is set back in between makes no sync longer.
    const passed = () => Math.max(clock.monotonic() - mono, time.refreshTime() - now)
    return {
      rules,
      over() {
        if (span !== null)
          return passed() < span ? null : new AppError('sync.time-over', { detail: { until: now + span } })
        if (window === null) return null
        const closesIn = hours.open && hours.changesAt !== null ? hours.changesAt - now : Number.POSITIVE_INFINITY
        const inside = isInside(local(time.refreshTime()), window) && clock.monotonic() - mono < closesIn
        return inside ? null : outside()
      },
      waits(why, target, needed) {
        const detail = { ...(target !== null && { target }), needed }
        if (why === 'window') return outside()
        if (why === 'metered') {
          return new AppError('sync.metered', {
            detail: { ...detail, allowed: syncMeteredBytes, network: link.network?.name ?? null },
          })
        }
        return new AppError('sync.over-budget', { detail: { ...detail, budget } })
      },
      view: (used) => ({
        budget,
        used,
        endsAt: span === null ? null : now + span,
        window: window && { ...window, ...hours },
        link: {
          network: link.network?.name ?? null,
          ...cost,
          said: wordOn(link.network, link.words),
          system: link.network?.metered ?? null,
          bytes: syncMeteredBytes,
        },
      }),
    }
  }

  /** Its borders are whole minutes: within one the answer is the same, and screens ask often. */
  #hours(window: DayWindow | null, now: number): WindowState {
    if (!window) return windowState(null, this.#options.local, now)
    const key = `${Math.floor(now / 60_000)} ${window.from} ${window.to}`
    if (this.#seen?.key !== key) this.#seen = { key, state: windowState(window, this.#options.local, now) }
    return this.#seen.state
  }
}
