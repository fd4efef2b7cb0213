import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { generateEd25519, signEd25519 } from '../../electron/host/crypto/ed25519.ts'
import { openConsole, testTrust } from '../fixtures/audit/console.ts'
import { startIntake } from '../fixtures/audit/intake-server.ts'
import type { UploaderTask } from '../fixtures/audit/uploader-process.ts'
import { bundled } from '../fixtures/bundled.ts'
import { cuttingProxy } from '../fixtures/cutting-proxy.ts'
import { seeded } from '../fixtures/seeded.ts'
import { tempDir } from '../fixtures/temp-dir.ts'

const KILLS = 25

test('a console killed at any moment of recording and uploading loses no entry and sends none twice', {
  timeout: 300_000,
}, async (context) => {
  const random = seeded()
  void context.annotate(`SLIPWAY_SEED=${random.seed}`)
  const program = await bundled(fileURLToPath(new URL('../fixtures/audit/uploader-process.ts', import.meta.url)))
  onTestFinished(program.remove)
  const trust = await testTrust()
  const { secretKey, publicKey } = generateEd25519()
  const signer = {
    console: 'console-1',
    publicKey: Buffer.from(publicKey).toString('hex'),
    sign: (message: Uint8Array) => signEd25519(secretKey, message),
  }
  const [dir, serverDir] = [tempDir(), tempDir()]
  const server = await startIntake(serverDir, trust, [signer])
  onTestFinished(() => server.close())
  const proxy = await cuttingProxy(server.port)
  onTestFinished(() => proxy.close())

  const run = async (key: 'known' | 'new', killAfterMs: number | null): Promise<void> => {
    const task: UploaderTask = {
      dir,
      console: signer.console,
      seed: Buffer.from(secretKey).toString('hex'),
      key,
      policy: { ...trust.full, endpoint: `http://127.0.0.1:${proxy.port}/audit/` },
      entries: 8,
    }
    const child = spawn(process.execPath, [program.path, JSON.stringify(task)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(child, 'exit')
    const opened = once(child.stdout, 'data')
    if (killAfterMs !== null) {
      await Promise.race([opened, ended])
      setTimeout(() => child.kill('SIGKILL'), killAfterMs)
    }
    const [code] = await ended
    expect(killAfterMs === null ? code : 0).toBe(0)
  }

  await run('new', 5)
  for (let kill = 1; kill < KILLS; kill += 1) {
    proxy.setLimit(random.below(2) === 0 ? null : 2_000 + random.below(30_000))
    await run('known', random.below(120))
  }
  proxy.setLimit(null)
  await run('known', null)

  const console = await openConsole(dir, { signer, policy: trust.policy, key: 'known' })
  expect(await console.audit.verify('console')).toMatchObject({ ok: true })
  const { epoch, lastSeq } = console.audit.state()
  // Killed, not damaged: no new epoch was needed, and no number is missing.
  expect(epoch).toBe(1)
  const held = server.intake.ledger.list('console-1').map(({ receipt }) => [receipt.first, receipt.last] as const)
  expect(held[0]?.[0]).toBe(1)
  for (const [i, [first]] of held.entries()) expect(first).toBe((held[i - 1]?.[1] ?? 0) + 1)
  expect(held.at(-1)?.[1]).toBeGreaterThan(lastSeq - 4)
  expect(console.audit.receipts().map(({ first, last }) => [first, last])).toEqual(held)
  expect(readdirSync(join(dir, 'outbox'))).toEqual([])
  await console.close()
})
