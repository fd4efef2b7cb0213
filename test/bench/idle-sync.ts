/**
 * A sync when the server has nothing new, by the whole console, against a refresh by tuf-js: the same depot, both
 * having everything already. Counted are requests, and the bytes of bodies that the server sends. No time is measured,
 * so one round is exact. Last line: our bytes divided by theirs; at most 1.5 is wanted, and at most 2 kB in 3 requests.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Updater } from 'tuf-js'
import { Depot } from '../../electron/depot/depot.ts'
import { HttpFetcher } from '../../electron/host/sync/http-fetcher.ts'
import { toInstant } from '../../shared/model/text.ts'
import { consoleSync } from '../fixtures/console-sync.ts'
import { cranePlan, craneProfile } from '../fixtures/crane.ts'
import { TestClock } from '../fixtures/test-clock.ts'

const DAY = 86_400_000
const dir = mkdtempSync(join(tmpdir(), 'slipway-bench-'))

async function craneRepository(): Promise<{ fingerprint: string; repository: string }> {
  const depot = await Depot.create(join(dir, 'depot'), { name: 'Acme', clock: { now: () => Date.now() } })
  await depot.addProfile(craneProfile())
  await depot.addArtifact('crane-2.5.0.bin', Buffer.alloc(50_000, 7), {
    kind: 'raw',
    component: 'app',
    version: '2.5.0',
    deviceTypes: ['acme-crane'],
    hardware: [],
  })
  await depot.addPlan(cranePlan({ notBefore: toInstant(Date.now()), expires: toInstant(Date.now() + 20 * DAY) }))
  await depot.publish()
  return { ...(await depot.fingerprint()), repository: depot.layout.repository }
}

/** A plain file server that counts. */
async function serve(repository: string) {
  const seen: { path: string; bytes: number }[] = []
  const server = createServer(({ url = '' }, response) => {
    let body: Buffer | null = null
    try {
      body = readFileSync(join(repository, decodeURIComponent(url)))
    } catch {
      // No such file: an answer like any other.
    }
    seen.push({ path: url, bytes: body?.length ?? 0 })
    response.writeHead(body ? 200 : 404).end(body ?? '')
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const take = () => seen.splice(0)
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, take, server }
}

function say(who: string, seen: readonly { path: string; bytes: number }[]): number {
  const bytes = seen.reduce((sum, each) => sum + each.bytes, 0)
  console.log(`${who}: ${seen.length} requests, ${bytes} bytes of bodies`)
  for (const { path, bytes: length } of seen) console.log(`  ${path} ${length === 0 ? 'not there' : `${length} bytes`}`)
  return bytes
}

const fetcher = new HttpFetcher()
const { fingerprint, repository } = await craneRepository()
const { url, take, server } = await serve(repository)
try {
  const bench = consoleSync({ dir, clock: new TestClock(Date.now()), fetcher })
  await bench.sync.adopt(url, fingerprint, 'bench')
  const first = await bench.sync.start('bench')
  if (first.toFetch > 0 || first.lastError) throw new Error('the first sync was not whole')
  say('ours, the first time', take())
  await bench.sync.start('bench')
  const idle = take()
  bench.db.close()

  const metadataDir = join(dir, 'tuf-js')
  mkdirSync(metadataDir)
  const refresh = () => new Updater({ metadataDir, metadataBaseUrl: `${url}/metadata` }).refresh()
  writeFileSync(join(metadataDir, 'root.json'), readFileSync(join(repository, 'metadata', '1.root.json')))
  await refresh()
  take()
  await refresh()
  const theirs = say('tuf-js, nothing new', take())
  const ours = say('ours, nothing new', idle)
  if (ours > 2000 || idle.length > 3) console.log('more than 2 kB or 3 requests')
  console.log(`idle-sync ratio=${(ours / theirs).toFixed(3)}`)
} finally {
  fetcher.close()
  server.closeAllConnections()
  server.close()
  rmSync(dir, { recursive: true, force: true })
}
