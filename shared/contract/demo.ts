import { z } from 'zod'
import { call, watch } from '../rpc/define.ts'
import { Nothing } from './common.ts'

/** The guided first run: a step is done when the console's own state says so, never by a click on "next". */
export const GuideStep = z.object({
  id: z.enum(['trust', 'enrol', 'approve', 'sign-in', 'sync', 'offline', 'safe-state', 'update', 'online', 'audit']),
  state: z.enum(['done', 'now', 'later']),
  /** Facts that the sentence of the step needs, such as the address to type. */
  facts: z.record(z.string(), z.string()),
})
export type GuideStep = z.infer<typeof GuideStep>

export const SimFault = z.enum([
  'none',
  'power-loss',
  'drop-frames',
  'lie-about-version',
  'refuse-image',
  'stall',
  'boom-up',
  'broken-application',
])
export type SimFault = z.infer<typeof SimFault>

export const DemoState = z.object({
  steps: z.array(GuideStep),
  devices: z.array(z.object({ id: z.string(), name: z.string(), address: z.string(), fault: SimFault })),
})
export type DemoState = z.infer<typeof DemoState>

/** Only in demo mode; elsewhere every method is `rpc.unknown-method`. */
export const demo = {
  state: watch('open', Nothing, DemoState),
  /** What the publisher would do with the enrolment request. */
  approve: call('open', Nothing, Nothing),
  /** Plays a device's surroundings: lower the boom, pull the plug. */
  setFault: call('open', z.object({ device: z.string(), fault: SimFault }), Nothing),
}
