import type { SlipwayContract } from '../../../shared/contract/index.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import { asker, type Ctx } from './context.ts'
import { live } from './live.ts'
import type { Services } from './services.ts'

type Of<N extends keyof SlipwayContract> = Handlers<SlipwayContract, Ctx>[N]

export const planHandlers = ({ plans, runs }: Services): Of<'plans'> => ({
  list: () => live(() => plans.listed.list(), plans),
  page: (wish) => live(() => plans.listed.page(wish), plans),
  forDevice: ({ device, ...part }) => live(() => plans.listed.forDevice(device, part), plans),
  one: ({ plan }) => live(() => plans.one(plan), plans),
  dryRun: ({ plan, devices }, ctx, signal) => runs.dryRun(plan, devices, asker(ctx), signal),
})

export const runHandlers = ({ runs }: Services): Of<'runs'> => ({
  list: () => live(() => runs.list(), runs),
  one: ({ run }) => live(() => runs.view(run), runs),
  start: (input, ctx) => runs.start(input, asker(ctx)),
  answer: async (input, ctx) => {
    await runs.answer(input, asker(ctx))
    return null
  },
  override: async (input, ctx) => {
    await runs.override(input, asker(ctx))
    return null
  },
  cancel: async (input, ctx) => {
    await runs.cancel(input, byWhom(ctx))
    return null
  },
  pause: async (input, ctx) => {
    await runs.pause(input, byWhom(ctx))
    return null
  },
  checkAgain: async (input, ctx) => {
    await runs.checkAgain(input, asker(ctx))
    return null
  },
  report: ({ run }) => runs.report(run),
  startBatch: (input, ctx) => runs.batches.start(input, asker(ctx)),
  batch: ({ batch }) => live(() => runs.batches.view(batch), runs.batches),
  stopBatch: ({ batch }) => {
    runs.batches.stop(batch)
    return null
  },
})

/** Stopping is open to anyone present; the log says who, if somebody is signed in. */
const byWhom = (ctx: Ctx) => (ctx.operator === null ? null : asker(ctx))
