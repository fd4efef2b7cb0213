import type { SlipwayContract } from '../../../shared/contract/index.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import type { Ctx } from './context.ts'
import type { Services } from './services.ts'

export const artifactHandlers = ({ inspector }: Services): Handlers<SlipwayContract, Ctx>['artifacts'] => ({
  inspect: ({ target }, _ctx, signal) => inspector.target(target, signal),
  inspectFile: ({ path }, _ctx, signal) => inspector.file(path, signal),
  part: (part, _ctx, signal) => inspector.part(part, signal),
})
