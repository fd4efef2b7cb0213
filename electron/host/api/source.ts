import type { SlipwayContract } from '../../../shared/contract/index.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import { actorOf, asker, type Ctx } from './context.ts'
import { live } from './live.ts'
import type { Services } from './services.ts'

export const sourceHandlers = ({ sources, inspector }: Services): Handlers<SlipwayContract, Ctx>['source'] => ({
  list: () => live(() => sources.list(), sources),
  preview: ({ root }) => sources.preview(root),
  add: (wish, ctx) => sources.add(wish, supervisor(ctx)),
  remove: async ({ id }, ctx) => {
    await sources.remove(id, supervisor(ctx))
    return null
  },
  show: async ({ id, filter }) => sources.show(id, filter),
  sync: ({ id }, ctx) => sources.sync(id, actorOf(ctx)),
  fetch: ({ id, target }, ctx) => sources.fetch(id, target, asker(ctx).operator),
  inspect: async ({ id, target }, _ctx, signal) => inspector.stored(sources.heldFile(id, target), target, signal),
  export: async ({ id, target, path }, _ctx, signal) => {
    await sources.export(id, target, path, signal)
    return null
  },
})

/** Whom to trust for files is decided by who answers for the work, and goes on record. */
function supervisor(ctx: Ctx): string {
  const { operator, roles } = asker(ctx)
  if (roles.includes('supervisor')) return operator
  throw new AppError('people.role-missing', { detail: { operator, needed: 'supervisor' } })
}
