import type { SlipwayContract } from '../../../shared/contract/index.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import { actorOf, type Ctx } from './context.ts'
import { live } from './live.ts'
import type { Services } from './services.ts'

export const traceHandlers = ({ traces }: Services): Handlers<SlipwayContract, Ctx>['traces'] => ({
  list: () => live(() => traces.list(), traces),
  start: (what, ctx) => traces.start(what, actorOf(ctx)),
  stop: ({ id }) => traces.stop(id),
  read: ({ id, offset }) => traces.read(id, offset),
  remove: ({ id }) => {
    traces.remove(id)
    return null
  },
})
