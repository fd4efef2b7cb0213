import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { AppError } from '../../shared/errors.ts'
import type { Command, Reply } from './entry-protocol.ts'
import type { SimState } from './sim.ts'
import type { StartSim } from './start.ts'

type Order = Command extends infer One ? (One extends Command ? Omit<One, 'id'> : never) : never

/** A simulated device that runs in another process. */
export interface RemoteSim {
  /** Where it can be reached now. */
  readonly address: string
  readonly process: ChildProcess
  /** Sends a command and waits for the state after it. */
  send(order: Order): Promise<SimState>
  /** Switches it off; its state file keeps its flash. */
  close(): Promise<void>
}

/** Starts `entry` (`electron/sim/entry.ts`, or what it was bundled to) with this program's own Node. */
export async function startRemoteSim(entry: string, config: StartSim): Promise<RemoteSim> {
  const child = spawn(process.execPath, [entry, JSON.stringify(config)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const waiting = new Map<number, PromiseWithResolvers<SimState>>()
  const ready = Promise.withResolvers<void>()
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.once('exit', () => {
    for (const one of [ready, ...waiting.values()]) one.reject(new AppError('device.gone', { detail: { what: 'sim' } }))
  })
  let address = ''
  let count = 0
  createInterface({ input: child.stdout }).on('line', (line) => {
    const reply = JSON.parse(line) as Reply
    if (reply.t === 'done') waiting.get(reply.id ?? 0)?.resolve(reply.state)
    if (reply.t === 'failed') waiting.get(reply.id ?? 0)?.reject(new AppError('rpc.bad-input'))
    if (reply.t === 'ready' || reply.t === 'address') address = reply.address
    if (reply.t === 'ready') ready.resolve()
  })
  await ready.promise
  return {
    get address() {
      return address
    },
    process: child,
    send(order) {
      count += 1
      const id = count
      const answer = Promise.withResolvers<SimState>()
      waiting.set(id, answer)
      child.stdin.write(`${JSON.stringify({ ...order, id })}\n`)
      return answer.promise.finally(() => waiting.delete(id))
    },
    async close() {
      child.stdin.end()
      await ended
    },
  }
}
