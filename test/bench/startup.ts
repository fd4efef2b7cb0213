/**
 * How long from spawning a headless host to its first usable reply, against `node -e 0` on the same machine in the
 * same run. The store is filled: 10,000 sealed audit entries and a site of 500 devices that were all seen. Usable
 * is what the home screen shows: the board of those devices and the state of that log. Each round has a fresh copy
 * of the store. Last line: `startup ratio=N`; at most 12 is wanted.
 */

import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildIfStale, ROOT } from '../../build/launcher/build.ts'
import { CONTRACT_VERSION, contract } from '../../shared/contract/index.ts'
import { type HostAddress, StartReport } from '../../shared/host-address.ts'
import { connect } from '../../shared/rpc/client.ts'
import type { WatchListener } from '../../shared/rpc/define.ts'
import { openSocketWire } from '../../shared/rpc/socket-wire.ts'
import { fillConsole } from '../fixtures/filled-console.ts'
import { median } from '../fixtures/in-turns.ts'

const ROUNDS = 15
const ENTRIES = 10_000
const DEVICES = 500

function bareNode(): number {
  const startedAt = performance.now()
  spawnSync(process.execPath, ['-e', '0'])
  return performance.now() - startedAt
}

async function firstReply(dataDir: string, execArgv: readonly string[] = []): Promise<number> {
  const startedAt = performance.now()
  const host = fork(join(ROOT, 'out', 'main', 'headless.js'), ['--data-dir', dataDir, '--with-parent'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [...execArgv],
  })
  const { port, token } = await addressOf(host)
  const wire = await openSocketWire(new WebSocket(`ws://127.0.0.1:${port}/rpc`))
  const connection = await connect(wire, { contract, version: CONTRACT_VERSION, token })
  const [board, audit] = await Promise.all([first(connection.client.site.board), first(connection.client.audit.state)])
  const took = performance.now() - startedAt
  const filled = board.rows.filter(({ running }) => running.app !== undefined).length
  if (filled !== DEVICES || audit.entries < ENTRIES) throw new Error(`${filled} devices, ${audit.entries} entries`)
  connection.close()
  host.send('end')
  await once(host, 'exit')
  return took
}

/** The first value of a watch. */
function first<T>(watch: (input: null, listener: WatchListener<T>) => () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    watch(null, { value: resolve, end: (error) => reject(error ?? new Error('the watch ended')) })
  })
}

async function addressOf(host: ChildProcess): Promise<HostAddress> {
  const [message] = (await once(host, 'message')) as [unknown]
  const report = StartReport.parse(message)
  if (report.type === 'failed') throw new Error(`the host did not start: ${JSON.stringify(report.error)}`)
  return report.address
}

if (!(await buildIfStale())) process.exit(1)
const dir = mkdtempSync(join(tmpdir(), 'slipway-bench-'))
try {
  const filled = join(dir, 'filled')
  await fillConsole({ dataDir: filled, depotDir: join(dir, 'depot'), entries: ENTRIES, devices: DEVICES })
  // The first start makes the code cache; only later ones are a laptop's everyday.
  await firstReply(filled)
  const bare: number[] = []
  const host: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const copy = join(dir, `round-${round}`)
    cpSync(filled, copy, { recursive: true })
    // In turns, so that a slow moment of the machine hits both.
    bare.push(bareNode())
    host.push(await firstReply(copy, process.argv.slice(2)))
    rmSync(copy, { recursive: true })
  }
  console.log(`node -e 0: ${median(bare).toFixed(1)} ms, host to its first reply: ${median(host).toFixed(1)} ms`)
  console.log(`startup ratio=${(median(host) / median(bare)).toFixed(2)}`)
} finally {
  rmSync(dir, { recursive: true, force: true })
}
