import { z } from 'zod'
import { BatchView } from '../model/batch.ts'
import { DeviceKey } from '../model/device.ts'
import { AnswerChoice, RunSummary, RunView } from '../model/run.ts'
import { Prose, Slug } from '../model/text.ts'
import { call, watch } from '../rpc/define.ts'
import { Nothing } from './common.ts'
import { Passphrase } from './people.ts'

const RunRef = z.object({ run: z.string().max(60) })

const BatchRef = z.object({ batch: z.string().max(60) })

/** The second person signs with their own passphrase, here and now. */
export const SecondPerson = z.object({ operator: Slug, passphrase: Passphrase })

export const RunReport = z.object({
  run: RunView,
  /** What happened, in order, as the audit log has it. */
  timeline: z.array(z.object({ at: z.number(), actor: z.string(), action: z.string(), what: z.string() })),
})
export type RunReport = z.infer<typeof RunReport>

export const runs = {
  list: watch('open', Nothing, z.array(RunSummary)),
  one: watch('open', RunRef, RunView),
  start: call(
    'lease',
    z.object({ plan: Slug, device: DeviceKey, second: SecondPerson.optional() }),
    z.object({ run: z.string() }),
  ),
  /** Answers the question the run waits with. `question` guards against answering an older one. */
  answer: call(
    'lease',
    RunRef.extend({ question: z.string(), choice: AnswerChoice, note: Prose.max(1000).optional() }),
    Nothing,
  ),
  /** Lets one condition of the plan be false, the way the plan allows, on the record. */
  override: call(
    'lease',
    RunRef.extend({ condition: Slug, reason: Prose.min(5).max(500), second: SecondPerson.optional() }),
    Nothing,
  ),
  /** Asks for a stop at the next safe point; the old version stays. Anyone present may. */
  cancel: call('open', RunRef, Nothing),
  pause: call('open', RunRef.extend({ paused: z.boolean() }), Nothing),
  /** A run that ended `unknown` asks the device once more. */
  checkAgain: call('lease', RunRef, Nothing),
  report: call('open', RunRef, RunReport),
  /** One plan on several devices, in the plan's order. */
  startBatch: call(
    'lease',
    z.object({ plan: Slug, devices: z.array(DeviceKey).min(1).max(500), second: SecondPerson.optional() }),
    z.object({ batch: z.string() }),
  ),
  batch: watch('open', BatchRef, BatchView),
  /** Starts no more devices; what runs goes on. Anyone present may. */
  stopBatch: call('open', BatchRef, Nothing),
}
