/**
 * How long from spawning a headless host to its first usable reply, against `node -e 0` on the same
 * machine in the same run. Last line: `startup ratio=N`; at most 12 is wanted.
 */

import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildIfStale, ROOT } from '../../build/launcher/build.ts'
import { CONTRACT_VERSION, contract } from '../../shared/contract/index.ts'
import { type HostAddress, StartReport } from '../../shared/host-address.ts'
import { connect } from '../../shared/rpc/client.ts'
import { openSocketWire } from '../../shared/rpc/socket-wire.ts'

const ROUNDS = 9

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

function bareNode(): number {
  const startedAt = performance.now()
  spawnSync(process.execPath, ['-e', '0'])
  return performance.now() - startedAt
}

async function firstReply(dataDir: string): Promise<number> {
  const startedAt = performance.now()
  const host = fork(join(ROOT, 'out', 'main', 'headless.js'), ['--data-dir', dataDir, '--with-parent'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  })
  const { port, token } = await addressOf(host)
  const wire = await openSocketWire(new WebSocket(`ws://127.0.0.1:${port}/rpc`))
  const connection = await connect(wire, { contract, version: CONTRACT_VERSION, token })
  await connection.client.app.info(null)
  const took = performance.now() - startedAt
  connection.close()
  host.send('end')
  await once(host, 'exit')
  return took
}

async function addressOf(host: ChildProcess): Promise<HostAddress> {
  const [message] = (await once(host, 'message')) as [unknown]
  const report = StartReport.parse(message)
  if (report.type === 'failed') throw new Error(`the host did not start: ${JSON.stringify(report.error)}`)
  return report.address
}

if (!(await buildIfStale())) process.exit(1)
const dataDir = mkdtempSync(join(tmpdir(), 'slipway-bench-'))
try {
  // The first start makes the folder and the code cache; only later ones are a laptop's everyday.
  await firstReply(dataDir)
  const bare: number[] = []
  const host: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(bareNode())
    host.push(await firstReply(dataDir))
  }
  console.log(`node -e 0: ${median(bare).toFixed(1)} ms, host to its first reply: ${median(host).toFixed(1)} ms`)
  console.log(`startup ratio=${(median(host) / median(bare)).toFixed(2)}`)
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}
