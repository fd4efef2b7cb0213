import { createInterface } from 'node:readline'
import { playFault } from './demo-faults.ts'
import { Command, CommandId, type Reply, SimConfig } from './entry-protocol.ts'
import type { Sim } from './sim.ts'
import { startSim } from './start.ts'

/**
 * A simulated device in a process of its own, so that tests can kill the console and keep the device. The first
 * argument is a {@link SimConfig} in JSON; then one command a line on stdin, one reply a line on stdout. The
 * device ends with its stdin.
 */
async function main(): Promise<void> {
  const sim = await startSim(SimConfig.parse(JSON.parse(process.argv[2] ?? '{}')))
  let ending = false
  const end = async () => {
    if (ending) return
    ending = true
    await sim.close()
    process.exit(0)
  }
  process.once('SIGTERM', () => void end())
  sim.onAddress((address) => say({ t: 'address', address }))
  say({ t: 'ready', address: sim.address })
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() !== '') await obey(sim, line)
  }
  await end()
}

async function obey(sim: Sim, line: string): Promise<void> {
  let id: number | undefined
  try {
    const given: unknown = JSON.parse(line)
    id = CommandId.parse(given).id
    const order = Command.parse(given)
    if (order.t === 'faults') sim.setFaults(order.faults)
    if (order.t === 'play') playFault(sim, order.fault)
    if (order.t === 'signals') sim.setSignals(order.signals)
    if (order.t === 'power-cycle') sim.powerCycle()
    if (order.t === 'unplug') await sim.unplug()
    if (order.t === 'plug') await sim.plug()
    say({ t: 'done', id, state: sim.state() })
  } catch {
    say({ t: 'failed', id })
  }
}

function say(reply: Reply): void {
  process.stdout.write(`${JSON.stringify(reply)}\n`)
}

await main()
