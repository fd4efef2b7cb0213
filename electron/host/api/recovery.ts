import type { SlipwayContract } from '../../../shared/contract/index.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import { asker, type Ctx } from './context.ts'
import { live } from './live.ts'
import type { Services } from './services.ts'

type Recovery = Pick<Handlers<SlipwayContract, Ctx>['devices'], 'waiting' | 'claim' | 'disclaim'>

/** Boot loaders that cannot say whose device they are. */
export const recoveryHandlers = ({
  devices,
  runs: { claims },
  closing,
}: Pick<Services, 'devices' | 'runs' | 'closing'>): Recovery => ({
  waiting: () => live(() => claims.list(), devices),
  claim: (input, ctx, signal) => claims.claim(input, asker(ctx), AbortSignal.any([signal, closing])),
  disclaim: async ({ device }, ctx) => {
    await claims.disclaim(device, ctx.operator ?? 'console')
    return null
  },
})
