import { z } from 'zod'
import { SimFault } from '../../shared/contract/demo.ts'
import type { Faults } from './faults.ts'
import type { SimState } from './sim.ts'
import type { StartSim } from './start.ts'

const Chance = z.number().min(0).max(1)
const SignalValues = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))

const FaultChange = z
  .strictObject({
    powerLossAt: z.int().min(1).nullable(),
    drop: Chance,
    duplicate: Chance,
    late: Chance,
    lateMs: z.number().min(0),
    stall: z.boolean(),
    lie: z.boolean(),
    refuse: z.enum(['no', 'upload', 'boot']),
    silentAfterRestart: z.boolean(),
    reenumerate: z.boolean(),
    chatter: z.boolean(),
  })
  // JSON has no undefined: what is not there is not changed.
  .partial() as unknown as z.ZodType<Partial<Faults>>

/** What a simulated device in a process of its own is started with: what JSON can say of {@link StartSim}. */
const common = {
  serial: z.string().min(1).max(60),
  id: z.string().optional(),
  version: z.string().optional(),
  port: z.int().min(0).max(65_535).optional(),
  stateFile: z.string().nullable().optional(),
  faults: FaultChange.optional(),
  bootMs: z.number().min(0).optional(),
}

export const SimConfig = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('smp'),
    type: z.enum(['acme-crane', 'acme-gateway']),
    transport: z.enum(['pty', 'udp']),
    dir: z.string().optional(),
    seed: z.int().optional(),
    latencyMs: z.number().min(0).optional(),
    workMs: z.number().min(0).optional(),
    ...common,
  }),
  z.strictObject({
    kind: z.literal('swupdate'),
    type: z.enum(['acme-winch']),
    hardware: z.string().optional(),
    account: z.strictObject({ username: z.string(), password: z.string() }).nullable().optional(),
    signed: z.boolean().optional(),
    notBelow: z.string().nullable().optional(),
    bytesPerSecond: z.number().min(1).nullable().optional(),
    installMs: z.number().min(0).optional(),
    ...common,
  }),
]) as unknown as z.ZodType<StartSim>

/** What names a command, whatever else is in it. */
export const CommandId = z.object({ id: z.number().optional() })

/** One line to a simulated device. `id` comes back with the reply. */
export const Command = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('state'), id: z.number().optional() }),
  z.strictObject({ t: z.literal('faults'), id: z.number().optional(), faults: FaultChange }),
  z.strictObject({ t: z.literal('play'), id: z.number().optional(), fault: SimFault }),
  z.strictObject({ t: z.literal('signals'), id: z.number().optional(), signals: SignalValues }),
  z.strictObject({ t: z.literal('power-cycle'), id: z.number().optional() }),
  z.strictObject({ t: z.literal('unplug'), id: z.number().optional() }),
  z.strictObject({ t: z.literal('plug'), id: z.number().optional() }),
])
export type Command = z.infer<typeof Command>

/** One line from a simulated device. */
export type Reply =
  | { readonly t: 'ready' | 'address'; readonly address: string }
  | { readonly t: 'done'; readonly id: number | undefined; readonly state: SimState }
  | { readonly t: 'failed'; readonly id: number | undefined }
