import { appendFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
import { measure } from './bench.ts'
import { scenarios } from './scenarios.ts'
import { obeyOrders, startSims } from './sim-thread.ts'
import { recordTraces } from './traces.ts'

/** What runs in the USB guest: the tests' scenarios, the bench, or updates that are recorded. One JSON value a line into the result file. */

function tell(result: unknown): void {
  appendFileSync('/run/out/results', `${JSON.stringify(result)}\n`)
}

async function main(): Promise<void> {
  const sims = startSims(new URL(import.meta.url))
  const [what, ...args] = process.argv.slice(2)
  if (what === 'bench') {
    await measure(sims, Number(args[0]), tell)
    return
  }
  if (what === 'traces') {
    await recordTraces(sims, tell)
    return
  }
  const wanted = scenarios(sims).filter(([name]) => args[0] === undefined || name.includes(args[0]))
  for (const [name, scenario] of wanted) {
    const began = performance.now()
    const ms = () => Math.round(performance.now() - began)
    try {
      await scenario()
      tell({ name, ok: true, ms: ms() })
    } catch (error) {
      tell({
        name,
        ok: false,
        ms: ms(),
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      })
    }
  }
}

if (isMainThread) {
  await main()
  // The listener for hot-plug events would keep the process.
  process.exit(0)
} else obeyOrders()
