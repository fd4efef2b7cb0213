import type { SlipwayContract } from '../../../shared/contract/index.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import { actorOf, type Ctx } from './context.ts'
import { live } from './live.ts'
import type { Services } from './services.ts'

export const auditHandlers = ({ audit, uploadAudit }: Services): Handlers<SlipwayContract, Ctx>['audit'] => ({
  state: () => live(() => audit.state(), audit),
  list: (input) => audit.list(input),
  verify: (_input, ctx, signal) => audit.verify(actorOf(ctx), signal),
  upload: async () => {
    // Asked for by a person: what the server refused before is offered once more.
    await uploadAudit({ again: true })
    return audit.state()
  },
  receipts: () => audit.receipts(),
  export: ({ path }, ctx, signal) => audit.export(actorOf(ctx), path, signal),
})
