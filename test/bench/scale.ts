/**
 * A publisher of the largest size that is meant: 100,000 artifacts in one list, 5,000 plans, a site of 20,000 devices.
 * What a console pays for it: the first sync of all documents, a sync when nothing is new, opening it at a start, and
 * one look at the queue. Last line: the sync with nothing new, at this size, divided by the same with a hundredth of
 * it: what is linear gives 100 at most.
 */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { sha256Hex } from '../../electron/host/crypto/hash.ts'
import { HttpFetcher } from '../../electron/host/sync/http-fetcher.ts'
import { toInstant } from '../../shared/model/text.ts'
import { consoleSync } from '../fixtures/console-sync.ts'
import { TestClock } from '../fixtures/test-clock.ts'
import { SlipwayRepository } from '../fixtures/tuf/slipway-repository.ts'

const DAY = 86_400_000
const LARGE = { artifacts: 100_000, plans: 5000, devices: 20_000 }
const SMALL = { artifacts: 1000, plans: 50, devices: 200 }
type Size = typeof LARGE

const now = Math.floor(Date.now() / 1000) * 1000
const dir = mkdtempSync(join(tmpdir(), 'slipway-bench-'))

function repository({ artifacts, plans, devices }: Size): SlipwayRepository {
  const repo = new SlipwayRepository({ now })
  const slipway = { kind: 'raw', component: 'app', version: '2.6.0', deviceTypes: ['acme-crane'] }
  for (let n = 0; n < artifacts; n += 1) {
    repo.addTarget('artifacts', `artifacts/app-${n}.bin`, Buffer.from(`app ${n}`), { custom: { slipway } })
  }
  for (let n = 0; n < plans; n += 1) {
    repo.plan({
      id: `plan-${n}`,
      notBefore: toInstant(now - DAY),
      expires: toInstant(now + 20 * DAY),
      artifacts: [{ component: 'app', target: `artifacts/app-${n}.bin`, version: '2.6.0' }],
    })
  }
  repo.document('sites', 'sites/fleet.json', {
    format: 'slipway.site/1',
    id: 'fleet',
    title: 'Fleet',
    zone: 'Europe/Oslo',
    devices: Array.from({ length: devices }, (_, n) => ({
      name: `Crane ${n}`,
      type: 'acme-crane',
      serial: `CR-${n}`,
      wanted: { app: '2.6.0' },
    })),
  })
  repo.release()
  return repo
}

async function timed<T>(work: () => T | Promise<T>): Promise<{ ms: number; value: T }> {
  const began = performance.now()
  const value = await work()
  return { ms: performance.now() - began, value }
}

async function measure(name: string, size: Size): Promise<number> {
  const repo = repository(size)
  const server = createServer(({ url = '' }, response) => {
    const bytes = repo.serve(url)
    if (bytes) response.writeHead(200).end(bytes)
    else response.writeHead(404).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const fetcher = new HttpFetcher()
  const folder = join(dir, name)
  const open = () => consoleSync({ dir: folder, clock: new TestClock(now + 1000), fetcher })
  const delay = monitorEventLoopDelay({ resolution: 1 })
  try {
    const bench = open()
    await bench.sync.adopt(url, sha256Hex(repo.firstRoot()), 'bench')
    delay.enable()
    const first = await timed(() => bench.sync.check('bench'))
    const firstBlock = delay.max / 1e6
    delay.reset()
    const idle = await timed(() => bench.sync.check('bench'))
    const idleBlock = delay.max / 1e6
    delay.disable()
    const look = await timed(() => bench.sync.state())
    bench.db.close()
    const again = await timed(open)
    const opened = await timed(() => again.value.library.current())
    again.value.db.close()
    const ms = (value: number) => `${value.toFixed(0)} ms`
    console.log(
      `${name}: first ${ms(first.ms)} (longest block ${ms(firstBlock)}), nothing new ${ms(idle.ms)} (${ms(idleBlock)}), queue ${ms(look.ms)}, opened ${ms(opened.ms)}; ${look.value.items.length} wanted, ${opened.value?.plans.size} plans`,
    )
    return idle.ms
  } finally {
    fetcher.close()
    server.closeAllConnections()
    server.close()
  }
}

try {
  const small = await measure('a hundredth', SMALL)
  const large = await measure('full size', LARGE)
  console.log(`scale ratio=${(large / small).toFixed(1)}`)
} finally {
  rmSync(dir, { recursive: true, force: true })
}
