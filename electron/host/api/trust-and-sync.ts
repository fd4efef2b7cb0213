import type { SlipwayContract } from '../../../shared/contract/index.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import { briefly } from '../sync/sync-view.ts'
import { actorOf, type Ctx } from './context.ts'
import { live } from './live.ts'
import type { Services } from './services.ts'

type Of<N extends keyof SlipwayContract> = Handlers<SlipwayContract, Ctx>[N]

export const trustHandlers = ({ sync, trust }: Services): Of<'trust'> => ({
  preview: ({ url }) => sync.preview(url),
  adopt: async ({ url, fingerprint }, ctx) => {
    await sync.adopt(url, fingerprint, actorOf(ctx))
    return null
  },
  state: () => live(() => trust.read(), trust),
})

export const packHandlers = ({ packs }: Services): Of<'packs'> => ({
  state: () => live(() => packs.state(), packs),
  look: ({ folder }) => packs.look(folder),
  adopt: async ({ folder, fingerprint }, ctx) => {
    await packs.adopt(folder, fingerprint, actorOf(ctx))
    return null
  },
  make: ({ folder, plans, small }, ctx) => packs.make(folder, plans ?? null, actorOf(ctx), small),
  handOver: ({ folder }, ctx) => packs.handOver(folder, actorOf(ctx)),
  take: ({ folder }, ctx) => packs.take(folder, actorOf(ctx)),
  stop: async () => {
    await packs.stop()
    return null
  },
})

export const syncHandlers = ({ sync, connection }: Services): Of<'sync'> => ({
  state: () => live(() => briefly(sync.state()), sync),
  check: async (_input, ctx) => briefly(await sync.check(actorOf(ctx))),
  plan: (wish) => sync.plan(wish),
  start: async (wish, ctx) => briefly(await sync.start(actorOf(ctx), wish)),
  stop: async () => {
    await sync.stop()
    return null
  },
  pause: (_input, ctx) => sync.pause(actorOf(ctx)),
  resume: (_input, ctx) => sync.resume(actorOf(ctx)),
  setLink: ({ metered }, ctx) => sync.setLink(metered, actorOf(ctx)),
  connection: () => live(() => connection.view(), connection),
  setConnection: (change, ctx) => connection.set(change, actorOf(ctx)),
  setOffline: async ({ offline }, ctx) => {
    await sync.setOffline(offline, actorOf(ctx))
    return null
  },
})
