import { AppError } from '../../../../shared/errors.ts'
import { isMap, own, type SmpBody, text, wholeNumber, wrongField } from './body.ts'
import type { Patience, SmpClient } from './client.ts'
import { GROUP } from './packet.ts'

const ID = { tasks: 2, pools: 3, time: 4 } as const

/** The device counts stacks in words of 4 bytes. */
const WORD = 4

/** One task by name, stack in bytes. Throws `reading.missing` when the device has no such task. */
export async function readTask(
  client: SmpClient,
  task: string,
  patience: Patience,
  signal: AbortSignal,
): Promise<SmpBody> {
  const body = await client.ask({ op: 'read', group: GROUP.os, id: ID.tasks }, patience, signal)
  const tasks = own(body, 'tasks')
  if (!isMap(tasks)) throw wrongField('tasks')
  const found = named(tasks, task, 'task')
  const words = (key: string) => {
    const count = wholeNumber(found, key)
    return count === null ? {} : { [key]: count * WORD }
  }
  return { ...found, ...words('stkuse'), ...words('stksiz') }
}

/** One memory pool by name. Throws `reading.missing` when the device has no such pool. */
export async function readPool(
  client: SmpClient,
  pool: string,
  patience: Patience,
  signal: AbortSignal,
): Promise<SmpBody> {
  const body = await client.ask({ op: 'read', group: GROUP.os, id: ID.pools }, patience, signal)
  // Old servers have the pools under a key of their own.
  const pools = own(body, 'mpools')
  return named(isMap(pools) ? pools : body, pool, 'pool')
}

/** What the device's clock shows, as it writes it. A clock that was never set is refused by the device. */
export async function readTime(client: SmpClient, patience: Patience, signal: AbortSignal): Promise<string> {
  const said = text(await client.ask({ op: 'read', group: GROUP.os, id: ID.time }, patience, signal), 'datetime')
  if (said === null) throw wrongField('datetime')
  return said.slice(0, 40)
}

/** Sets the device's clock to `now` (ms since 1970). UTC without a zone: Zephyr throws the zone away. */
export async function setTime(client: SmpClient, now: number, patience: Patience, signal: AbortSignal): Promise<void> {
  const datetime = new Date(now).toISOString().slice(0, 'yyyy-MM-ddTHH:mm:ss'.length)
  await client.ask({ op: 'write', group: GROUP.os, id: ID.time, body: { datetime } }, patience, signal)
}

function named(all: SmpBody, name: string, what: string): SmpBody {
  const found = own(all, name)
  if (!isMap(found)) throw new AppError('reading.missing', { detail: { [what]: name } })
  return found
}
