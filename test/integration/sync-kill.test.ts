import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { sha256Hex } from '../../electron/host/crypto/hash.ts'
import { toInstant } from '../../shared/model/text.ts'
import { bundled } from '../fixtures/bundled.ts'
import { answer } from '../fixtures/file-server.ts'
import { seeded } from '../fixtures/seeded.ts'
import { syncBench } from '../fixtures/sync-bench.ts'
import { tempDir } from '../fixtures/temp-dir.ts'
import { TestClock } from '../fixtures/test-clock.ts'
import { serveHandler } from '../fixtures/tuf/simulator-server.ts'
import { SlipwayRepository } from '../fixtures/tuf/slipway-repository.ts'

const KILLS = 50
const DAY = 86_400_000

/**
 * A console is killed at fifty random bytes of what its server sends: some within metadata, some within documents,
 * some within artifacts. After each kill the store is opened and must hold a whole good state or none.
 */
it('sync killed at 50 random bytes and resumed: same bytes in the store, nothing half-trusted', async () => {
  const random = seeded()
  const child = await bundled(fileURLToPath(new URL('../fixtures/sync-child.ts', import.meta.url)))
  onTestFinished(child.remove)
  console.log(`seed ${random.seed}`)
  const repo = new SlipwayRepository()
  const depot = await throttledServer(repo)
  const killed = tempDir()
  const args = [child.path, killed, depot.url, sha256Hex(repo.firstRoot())]
  let kills = 0
  let finished = 0
  publishMore(repo, random.bytes(150_000))
  while (kills < KILLS) {
    // Half of them early, where the small files are; the rest anywhere up to the end of an artifact.
    const target = 1 + random.below(random.below(2) === 0 ? 12_000 : 160_000)
    const outcome = await runChild(args, (kill) => depot.at(target, kill))
    expect(['killed', 0]).toContain(outcome)
    if (outcome === 'killed') kills += 1
    else {
      finished += 1
      publishMore(repo, random.bytes(150_000))
    }
    await expectNothingHalfTrusted(killed)
  }
  depot.at(Number.POSITIVE_INFINITY, () => {})
  expect(await runChild(args, () => {})).toBe(0)
  console.log(`${kills} kills, ${finished} syncs that were faster than the hand`)

  const untouched = tempDir()
  expect(await runChild([child.path, untouched, ...args.slice(2)], () => {})).toBe(0)
  expect(contentOf(killed)).toEqual(contentOf(untouched))
}, 300_000)

/** Another artifact and another plan, so that every sync has something to bring. */
function publishMore(repo: SlipwayRepository, bytes: Uint8Array): void {
  const name = `crane-${repo.targets.version}.bin`
  repo.addTarget('artifacts', `artifacts/${name}`, bytes)
  repo.plan({
    id: `plan-${repo.targets.version}`,
    notBefore: toInstant(Date.now() - DAY),
    expires: toInstant(Date.now() + 10 * DAY),
    artifacts: [{ component: 'app', target: `artifacts/${name}`, version: '2.5.0' }],
  })
  repo.release()
}

/** Serves in small pieces, and calls back when so many bytes have gone out since it was told. */
async function throttledServer(repo: SlipwayRepository) {
  let sent = 0
  let mark = { target: Number.POSITIVE_INFINITY, reached: () => {} }
  const url = await serveHandler((request, response) => {
    const write = response.write.bind(response)
    const end = response.end.bind(response)
    const counted = (bytes: Uint8Array) => {
      for (let at = 0; at < bytes.length; at += 997) {
        const part = bytes.subarray(at, at + 997)
        write(part)
        sent += part.length
        if (sent < mark.target) continue
        // Only what has gone out so far is seen by the other side.
        mark.reached()
        return
      }
      end()
    }
    response.end = ((bytes?: Uint8Array) => (bytes ? counted(bytes) : end())) as typeof response.end
    const bytes = repo.serve(request.url ?? '')
    if (bytes) answer({ bytes }, request, response)
    else response.writeHead(404).end()
  })
  return {
    url,
    at(target: number, reached: () => void) {
      sent = 0
      mark = { target, reached }
    },
  }
}

async function runChild(args: readonly string[], arm: (kill: () => void) => void): Promise<number | 'killed'> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  // A moment later, so that the bytes are on their way through the other process when it dies.
  arm(() => setTimeout(() => child.kill('SIGKILL'), 2))
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  return signal === 'SIGKILL' ? 'killed' : (code ?? -1)
}

async function expectNothingHalfTrusted(dir: string): Promise<void> {
  const { library, rows, artifacts, close } = syncBench({ dir, clock: new TestClock() })
  try {
    // Throws when what is stored does not hang together.
    const current = library.current()
    for (const { document } of current?.plans.values() ?? []) {
      for (const { target } of document.artifacts) expect(current?.target(target)).not.toBeNull()
    }
    for (const { sha256, length } of rows.all()) {
      const reader = await artifacts.open(sha256, new AbortController().signal)
      expect(reader.length).toBe(length)
      await reader.close()
    }
  } finally {
    close()
  }
}

/** Everything that counts in a console's folder. */
function contentOf(dir: string): Record<string, string> {
  const { db, rows, close } = syncBench({ dir, clock: new TestClock() })
  const files = db.prepare<[], { name: string; bytes: Buffer }>(
    "SELECT name, bytes FROM trust_file WHERE name GLOB 'good/*'",
  )
  const content = Object.fromEntries(files.all().map(({ name, bytes }) => [name, sha256Hex(bytes)]))
  for (const { sha256 } of rows.all()) {
    content[sha256] = sha256Hex(readFileSync(join(dir, 'artifacts', sha256.slice(0, 2), sha256)))
  }
  close()
  const litter = readdirSync(join(dir, 'artifacts'), { recursive: true }).filter((name) =>
    String(name).endsWith('.part'),
  )
  expect(litter).toEqual([])
  return content
}
