import type { SlipwayContract } from '../../../shared/contract/index.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import type { Ctx } from './context.ts'
import { live } from './live.ts'
import type { DemoService, Services } from './services.ts'

export const demoHandlers = ({ demo }: Services): Handlers<SlipwayContract, Ctx>['demo'] => {
  const here = (method: string): DemoService => {
    if (!demo) throw new AppError('rpc.unknown-method', { detail: { method } })
    return demo
  }
  return {
    state: () => {
      const service = here('demo.state')
      return live(() => service.read(), service)
    },
    approve: async () => {
      await here('demo.approve').approve()
      return null
    },
    setFault: async ({ device, fault }) => {
      await here('demo.setFault').setFault(device, fault)
      return null
    },
  }
}
