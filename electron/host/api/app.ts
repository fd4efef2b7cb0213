import type { SlipwayContract } from '../../../shared/contract/index.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import { actorOf, type Ctx } from './context.ts'
import { live } from './live.ts'
import type { Services } from './services.ts'

type Of<N extends keyof SlipwayContract> = Handlers<SlipwayContract, Ctx>[N]

export const appHandlers = ({ info, appState }: Services): Of<'app'> => ({
  info: () => info(),
  state: () => live(() => appState.read(), appState),
})

export const alertHandlers = ({ alerts }: Services): Of<'alerts'> => ({
  list: () => live(() => [...alerts.list()], alerts),
  acknowledge: async ({ alert }, ctx) => {
    await alerts.acknowledge(alert, actorOf(ctx))
    return null
  },
})

export const settingsHandlers = ({ settings }: Services): Of<'settings'> => ({
  get: () => live(() => settings.read(), settings),
  set: (change, ctx) => settings.write(defined(change), actorOf(ctx)),
})

/** Fields that were given; `undefined` is no wish. */
function defined<T extends object>(change: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
