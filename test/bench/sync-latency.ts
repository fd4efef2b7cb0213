/**
 * A first sync over a satellite link: 1,000 small and 3 large artifacts, named by 126 plans, through a line with 600 ms
 * there and back, 1 Mbit/s and one reset in a hundred. Against the line's own ideal: all bodies of the repository that
 * the console wants, metadata and documents included, at the full rate with no pause. Last line: our time divided by
 * that; at most 1.15 is wanted. What came twice after a cut is printed; more than a block of 256 KiB a cut is too much.
 */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sha256Hex } from '../../electron/host/crypto/hash.ts'
import { HttpFetcher } from '../../electron/host/sync/http-fetcher.ts'
import { patientFetcher } from '../../electron/host/sync/patient-fetcher.ts'
import { seededRandom } from '../../electron/sim/faults.ts'
import { toInstant } from '../../shared/model/text.ts'
import { consoleSync } from '../fixtures/console-sync.ts'
import { answer } from '../fixtures/file-server.ts'
import { TestClock } from '../fixtures/test-clock.ts'
import { thinLine } from '../fixtures/thin-line.ts'
import { SlipwayRepository } from '../fixtures/tuf/slipway-repository.ts'

const SMALL = { count: 1000, bytes: 4000 }
const LARGE = { count: 3, bytes: 5_000_000 }
const LINE = { roundTripMs: 600, bitsPerSecond: 1_000_000, resets: 0.01, seed: 20_261_120 }
const A_PLAN = 8
const DAY = 86_400_000

const random = seededRandom(LINE.seed)
const noise = (length: number) => Buffer.from(Uint8Array.from({ length }, () => Math.floor(random() * 256)))

function repository(now: number): SlipwayRepository {
  const repo = new SlipwayRepository({ now })
  const names: string[] = []
  const add = (name: string, bytes: Buffer) => {
    const slipway = { kind: 'raw', component: 'app', version: '2.6.0', deviceTypes: ['acme-crane'] }
    repo.addTarget('artifacts', `artifacts/${name}`, bytes, { custom: { slipway } })
    names.push(`artifacts/${name}`)
  }
  for (let n = 0; n < SMALL.count; n += 1) add(`small-${n}.bin`, noise(SMALL.bytes))
  for (let n = 0; n < LARGE.count; n += 1) add(`large-${n}.bin`, noise(LARGE.bytes))
  for (let at = 0; at < names.length; at += A_PLAN) {
    repo.plan({
      id: `plan-${at}`,
      notBefore: toInstant(now),
      expires: toInstant(now + 20 * DAY),
      artifacts: names.slice(at, at + A_PLAN).map((target) => ({ component: 'app', target, version: '2.6.0' })),
    })
  }
  repo.release()
  return repo
}

const now = Math.floor(Date.now() / 1000) * 1000
const dir = mkdtempSync(join(tmpdir(), 'slipway-bench-'))
const repo = repository(now)
const served = new Map<string, number>()
const server = createServer((request, response) => {
  const bytes = repo.serve(request.url ?? '')
  if (bytes) served.set(request.url ?? '', bytes.length)
  if (bytes) answer({ bytes }, request, response)
  else response.writeHead(404).end()
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const line = await thinLine((server.address() as AddressInfo).port, LINE)
const http = new HttpFetcher()
try {
  const bench = consoleSync({ dir, clock: new TestClock(now + 1000), fetcher: patientFetcher(http) })
  await bench.sync.adopt(line.url, sha256Hex(repo.firstRoot()), 'bench')
  const before = line.carried()
  served.clear()
  const began = performance.now()
  const view = await bench.sync.start('bench')
  const seconds = (performance.now() - began) / 1000
  if (view.toFetch > 0) throw new Error(`${view.toFetch} bytes are missing: ${view.lastError?.code}`)
  const wanted = [...served.values()].reduce((sum, length) => sum + length, 0)
  const ideal = (wanted * 8) / LINE.bitsPerSecond
  const extra = line.carried() - before - wanted
  console.log(
    `${served.size} files, ${wanted} bytes of bodies; the line carried ${extra} bytes more (heads, and what came twice)`,
  )
  console.log(
    `${line.resets()} resets, ${Math.round(extra / Math.max(1, line.resets()))} bytes more a reset, at most 262144 wanted`,
  )
  console.log(`ours ${seconds.toFixed(1)} s, the line's ideal ${ideal.toFixed(1)} s`)
  console.log(`sync-latency ratio=${(seconds / ideal).toFixed(3)}`)
  bench.db.close()
} finally {
  http.close()
  await line.close()
  server.closeAllConnections()
  server.close()
  rmSync(dir, { recursive: true, force: true })
}
