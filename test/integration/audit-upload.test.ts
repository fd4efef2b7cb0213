import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { ConsoleSigner } from '../../electron/host/audit/chain-head.ts'
import { signReceipt } from '../../electron/host/audit/chain-receipt.ts'
import {
  openConsole,
  type TestConsole,
  type TestTrust,
  testKey,
  testSigner,
  testTime,
  testTrust,
} from '../fixtures/audit/console.ts'
import { startIntake, type TestIntake } from '../fixtures/audit/intake-server.ts'
import { cuttingProxy } from '../fixtures/cutting-proxy.ts'
import { eventually } from '../fixtures/eventually.ts'
import { tempDir } from '../fixtures/temp-dir.ts'

const now = () => new AbortController().signal

interface Setting {
  readonly trust: TestTrust
  readonly signer: ConsoleSigner
  readonly server: TestIntake
  readonly serverDir: string
  readonly dir: string
  readonly open: (key?: 'known' | 'new', time?: ReturnType<typeof testTime>) => Promise<TestConsole>
}

async function setting(): Promise<Setting> {
  const trust = await testTrust()
  const signer = testSigner()
  const [serverDir, dir] = [tempDir(), tempDir()]
  const server = await startIntake(serverDir, trust, [signer])
  onTestFinished(() => server.close())
  trust.policy.set({ ...trust.full, endpoint: server.endpoint })
  return {
    trust,
    signer,
    server,
    serverDir,
    dir,
    open: (key = 'known', time = testTime()) =>
      openConsole(dir, { signer, policy: trust.policy, key, time: time.read }),
  }
}

async function recordSome({ audit }: TestConsole, count: number, bytes = 20): Promise<void> {
  const text = 'z'.repeat(bytes)
  await Promise.all(
    Array.from({ length: count }, (_, i) =>
      audit.recorder.record({ actor: 'ada', action: 'run.phase', subject: `n${i}`, detail: { text, i } }),
    ),
  )
}

const outbox = (dir: string) => readdirSync(join(dir, 'outbox'))
const heldBy = ({ intake }: TestIntake, console = 'console-1') =>
  intake.ledger.list(console).map(({ receipt }) => [receipt.epoch, receipt.first, receipt.last])

test('what was recorded arrives once, the receipt is kept, and the outbox is empty', async () => {
  const { open, server, dir } = await setting()
  const console = await open('new')
  await recordSome(console, 20)
  expect(console.audit.state()).toMatchObject({ toUpload: 21, lastReceipt: null })
  const state = await console.audit.upload(now())
  // The note that a receipt came is not itself worth an upload.
  expect(state).toMatchObject({ toUpload: 0, lastSeq: 22, lastError: null, lastReceipt: { first: 1, last: 21 } })
  expect(heldBy(server)).toEqual([[1, 1, 21]])
  expect(outbox(dir)).toEqual([])
  expect(console.audit.receipts()).toHaveLength(1)
  expect(console.audit.list({ limit: 30 }).filter(({ uploaded }) => uploaded)).toHaveLength(21)

  await console.audit.upload(now())
  expect(heldBy(server)).toEqual([[1, 1, 21]])
  await recordSome(console, 1)
  expect(console.audit.state().toUpload).toBe(2)
  await console.audit.upload(now())
  expect(heldBy(server)).toEqual([
    [1, 1, 21],
    [1, 22, 23],
  ])
  expect(await console.audit.verify('ada')).toMatchObject({ ok: true })
  await console.close()
})

test('the server opens what it was sent, and only who may read the detail opens that', async () => {
  const { open, server } = await setting()
  const console = await open('new')
  await recordSome(console, 3)
  await console.audit.upload(now())
  const held = server.intake.ledger.list('console-1')[0]!
  const entries: { action: string; sealed: number }[] = []
  const facts = await server.intake.read(held.path, ({ clear, sealed }) => {
    entries.push({ action: clear.action, sealed: sealed.length })
  })
  expect(facts.head).toMatchObject({ console: 'console-1', epoch: 1, seq: 4 })
  expect(entries.map(({ action }) => action)).toEqual(['audit.epoch-opened', 'run.phase', 'run.phase', 'run.phase'])
  expect(Buffer.from(readFileSync(held.path)).includes('run.phase')).toBe(false)
  await console.close()
})

test('an upload that is cut at every k-th byte goes on where the server is, and arrives once', async () => {
  const { open, server, trust } = await setting()
  const proxy = await cuttingProxy(server.port)
  onTestFinished(() => proxy.close())
  trust.policy.set({ ...trust.full, endpoint: new URL(`http://127.0.0.1:${proxy.port}/audit/`) })
  const console = await open('new')
  await recordSome(console, 60, 600)
  // Requests have headers of about 500 bytes: each connection gets through with a little of the segment.
  proxy.setLimit(9_000)
  // A server that is slow to write may keep nothing of several attempts: the console gives up until it is asked again.
  await eventually(() => console.audit.upload(now()))
  expect(proxy.cuts()).toBeGreaterThan(5)
  expect(heldBy(server)).toEqual([[1, 1, 61]])
  const size = readFileSync(server.intake.ledger.list('console-1')[0]!.path).length
  // What the server confirmed was not sent again.
  expect(proxy.forwarded()).toBeLessThan(size * 1.5 + proxy.cuts() * 2_000)
  await console.close()
})

test('cut at any single byte of the whole exchange, the next attempt ends in one receipt', {
  timeout: 300_000,
}, async () => {
  const { trust, signer, server } = await setting()
  const proxy = await cuttingProxy(server.port)
  onTestFinished(() => proxy.close())
  trust.policy.set({ ...trust.full, endpoint: new URL(`http://127.0.0.1:${proxy.port}/audit/`) })
  for (let k = 1; k < 40; k += 1) {
    const name = `console-k${k}`
    const key = { ...signer, console: name }
    server.consoles.set(name, signer.publicKey)
    const console = await openConsole(tempDir(), { signer: key, policy: trust.policy, key: 'new' })
    await recordSome(console, 3)
    const byte = k * 83
    if (k % 2 === 0) proxy.setAnswerLimit(Math.floor(byte / 2))
    else proxy.setLimit(byte)
    const cut = setTimeout(() => {
      proxy.setLimit(null)
      proxy.setAnswerLimit(null)
    }, 60)
    await console.audit.upload(now()).catch(() => undefined)
    clearTimeout(cut)
    proxy.setLimit(null)
    proxy.setAnswerLimit(null)
    await console.audit.upload(now())
    expect({ byte, held: heldBy(server, name) }).toEqual({ byte, held: [[1, 1, 4]] })
    expect(console.audit.receipts()).toHaveLength(1)
    await console.close()
  }
})

test('a new process goes on with the same segment at the byte where the server is', async () => {
  const { open, server, trust, dir } = await setting()
  const proxy = await cuttingProxy(server.port)
  onTestFinished(() => proxy.close())
  trust.policy.set({ ...trust.full, endpoint: new URL(`http://127.0.0.1:${proxy.port}/audit/`) })
  const first = await open('new')
  await recordSome(first, 100, 2000)
  const abort = new AbortController()
  const stop = setInterval(() => {
    if (proxy.forwarded() > 60_000) abort.abort()
  }, 1)
  proxy.setLimit(100_000)
  await expect(first.audit.upload(abort.signal)).rejects.toThrow(expect.objectContaining({ code: 'cancelled' }))
  clearInterval(stop)
  const [segment] = outbox(dir)
  await first.close()
  const sent = proxy.forwarded()
  expect(sent).toBeGreaterThan(40_000)

  proxy.setLimit(null)
  const second = await open()
  expect(outbox(dir)).toEqual([segment])
  await second.audit.upload(now())
  expect(server.intake.ledger.list('console-1').map(({ receipt }) => receipt.segment)).toContain(segment)
  const size = readFileSync(server.intake.ledger.find(segment!)!.path).length
  expect(proxy.forwarded() - sent).toBeLessThan(size - 20_000)
  await second.close()
})

test('nothing is deleted for a receipt that is forged, for another head, another console or another range', async () => {
  const { open, server, trust, dir } = await setting()
  const console = await open('new')
  await recordSome(console, 2)
  const eve = { keyid: trust.receiptKey.keyid, ...testKey() }
  const forgeries = [
    (receipt: Parameters<typeof signReceipt>[0]) => signReceipt(receipt, eve),
    (receipt: Parameters<typeof signReceipt>[0]) => signReceipt({ ...receipt, head: 'f'.repeat(64) }, trust.receiptKey),
    (receipt: Parameters<typeof signReceipt>[0]) => signReceipt({ ...receipt, console: 'console-2' }, trust.receiptKey),
    (receipt: Parameters<typeof signReceipt>[0]) =>
      signReceipt({ ...receipt, last: receipt.last + 1 }, trust.receiptKey),
    (receipt: Parameters<typeof signReceipt>[0]) => ({ ...signReceipt(receipt, trust.receiptKey), time: 5 }),
    (receipt: Parameters<typeof signReceipt>[0]) => ({ ...signReceipt(receipt, trust.receiptKey), keyid: 'unknown' }),
  ]
  const honest = server.intake.receiptFor.bind(server.intake)
  for (const forge of forgeries) {
    server.intake.receiptFor = (segment) => {
      const receipt = honest(segment)
      return receipt && forge(receipt)
    }
    await expect(console.audit.upload(now())).rejects.toThrow(expect.objectContaining({ code: 'audit.bad-receipt' }))
    expect(console.audit.state()).toMatchObject({
      toUpload: 3,
      lastReceipt: null,
      lastError: { code: 'audit.bad-receipt' },
    })
    expect(outbox(dir)).toHaveLength(1)
  }
  server.intake.receiptFor = honest
  expect(await console.audit.upload(now())).toMatchObject({ toUpload: 0, lastError: null })
  // It was judged and stored once, and asked for again and again.
  expect(heldBy(server)).toEqual([[1, 1, 3]])
  await console.close()
})

test('entries are forgotten only when a receipt is old enough, never without one', async () => {
  const { open, trust } = await setting()
  const time = testTime()
  const console = await open('new', time)
  await recordSome(console, 5)
  time.advance(400 * 24 * 3600 * 1000)
  await console.audit.upload(now())
  // A year passed before the upload: the receipt is from now.
  expect(console.audit.state().entries).toBe(7)
  await recordSome(console, 2)
  time.advance(31 * 24 * 3600 * 1000)
  trust.policy.set({ ...trust.full, endpoint: trust.policy.current()!.endpoint, retentionDays: 30 })
  await console.audit.upload(now())
  const rows = console.audit.list({ limit: 100 })
  expect(rows.map(({ seq }) => seq)).toEqual([11, 10, 9, 8, 7])
  expect(rows[0]).toMatchObject({ action: 'audit.pruned', subject: '1/1-6' })
  expect(await console.audit.verify('ada')).toMatchObject({ ok: true, first: 7 })
  await console.close()

  const again = await open('known', time)
  expect(again.audit.state().epoch).toBe(1)
  expect(await again.audit.verify('ada')).toMatchObject({ ok: true, first: 7 })
  await again.close()
})

test('a server that does not know the console yet refuses, and the same segment is good once it does', async () => {
  const { open, server, dir } = await setting()
  const key = server.consoles.get('console-1')!
  server.consoles.clear()
  const console = await open('new')
  await recordSome(console, 2)
  await expect(console.audit.upload(now())).rejects.toThrow(expect.objectContaining({ code: 'audit.unknown-console' }))
  expect(console.audit.state()).toMatchObject({ epoch: 1, toUpload: 3 })
  const before = outbox(dir)
  server.consoles.set('console-1', key)
  await console.audit.upload(now())
  expect(server.intake.ledger.find(before[0]!)).not.toBeNull()
  await console.close()
})

test('what was refused for a wrong key is judged anew once the key was put right', async () => {
  const { open, server, dir } = await setting()
  const console = await open('new')
  await recordSome(console, 2)
  const right = server.consoles.get('console-1')!
  // Let in with the right key, and changed to another before the last byte arrived.
  const admit = server.intake.admit.bind(server.intake)
  server.intake.admit = async (...args) => {
    await admit(...args)
    server.consoles.set('console-1', testKey().publicKey)
  }
  await expect(console.audit.upload(now())).rejects.toThrow(expect.objectContaining({ code: 'audit.bad-head' }))
  expect(await server.intake.refusals.list()).toHaveLength(1)
  expect(console.audit.state()).toMatchObject({ epoch: 1, toUpload: 3 })
  const before = outbox(dir)
  server.intake.admit = admit
  server.consoles.set('console-1', right)
  await console.audit.upload(now())
  expect(server.intake.ledger.find(before[0]!)).not.toBeNull()
  expect(await server.intake.refusals.list()).toEqual([])
  await console.close()
})

test('a segment that was carried to the server is not sent again', async () => {
  const { open, server, dir, trust } = await setting()
  const proxy = await cuttingProxy(server.port)
  onTestFinished(() => proxy.close())
  trust.policy.set({ ...trust.full, endpoint: new URL(`http://127.0.0.1:${proxy.port}/audit/`) })
  const console = await open('new')
  await recordSome(console, 30, 2000)
  const stick = join(tempDir(), 'log.age')
  await console.audit.export('ada', stick)
  const receipt = await server.intake.takeFile(stick)
  expect(receipt).toMatchObject({ console: 'console-1', first: 1, last: 32 })
  await console.audit.upload(now())
  expect(console.audit.receipts()).toMatchObject([{ ...receipt, carrier: null }])
  expect(proxy.forwarded()).toBeLessThan(3000)
  expect(outbox(dir)).toEqual([])
  expect(await server.intake.takeFile(stick)).toEqual(receipt)
  await console.close()
})

test('a segment file that the disk lost is made again; the server takes the entries once', async () => {
  const { open, server, dir, trust } = await setting()
  const console = await open('new')
  await recordSome(console, 2)
  const honest = server.intake.receiptFor.bind(server.intake)
  server.intake.receiptFor = () => null
  await expect(console.audit.upload(now())).rejects.toThrow(expect.objectContaining({ code: 'audit.bad-receipt' }))
  writeFileSync(join(dir, 'outbox', outbox(dir)[0]!), 'rotten')
  await recordSome(console, 2)
  server.intake.receiptFor = honest
  // The old one arrived: its receipt is taken, and only the rest is sent.
  await console.audit.upload(now())
  expect(heldBy(server)).toEqual([
    [1, 1, 3],
    [1, 4, 6],
  ])

  // Now one that never arrived.
  trust.policy.set({ ...trust.full, endpoint: new URL('http://127.0.0.1:9/audit/') })
  await recordSome(console, 1)
  await expect(console.audit.upload(now())).rejects.toThrow(expect.objectContaining({ code: 'sync.unreachable' }))
  writeFileSync(join(dir, 'outbox', outbox(dir)[0]!), 'rotten')
  trust.policy.set({ ...trust.full, endpoint: server.endpoint })
  await console.audit.upload(now())
  expect(heldBy(server).at(-1)).toEqual([1, 7, 8])
  await console.close()
})

test('a server restored from an old backup gets again what it lost', async () => {
  const { open, server, serverDir, trust, signer } = await setting()
  const console = await open('new')
  for (let i = 0; i < 3; i += 1) {
    await recordSome(console, 2)
    await console.audit.upload(now())
  }
  const held = heldBy(server)
  expect(held).toHaveLength(3)
  for (const { receipt, path } of server.intake.ledger.list('console-1').slice(1)) {
    rmSync(path)
    rmSync(path.replace(/\.age$/, '.receipt.json'))
    expect(receipt.first).toBeGreaterThan(3)
  }
  rmSync(join(serverDir, 'consoles', 'console-1', 'announced.json'))
  await server.close()
  const restored = await startIntake(serverDir, trust, [signer])
  onTestFinished(() => restored.close())
  trust.policy.set({ ...trust.full, endpoint: restored.endpoint })
  await recordSome(console, 1)
  await console.audit.upload(now())
  expect(console.audit.state()).toMatchObject({ epoch: 1, toUpload: 0, lastError: null })
  expect(heldBy(restored)).toEqual([held[0], [1, 4, 11]])
  await console.close()
})

test('a laptop that was put back from an image is found out, begins a new epoch and goes on', async () => {
  const { open, server, dir } = await setting()
  const first = await open('new')
  await recordSome(first, 4)
  await first.audit.upload(now())
  await first.close()
  const image = join(tempDir(), 'image')
  cpSync(dir, image, { recursive: true })
  const second = await open()
  await recordSome(second, 10)
  await second.audit.upload(now())
  await second.close()
  rmSync(dir, { recursive: true })
  cpSync(image, dir, { recursive: true })

  const third = await open()
  expect(third.audit.state().epoch).toBe(1)
  await recordSome(third, 2)
  await expect(third.audit.upload(now())).rejects.toThrow(expect.objectContaining({ code: 'audit.truncated' }))
  // The rest of the log is already on its way again, beyond every number that the server has seen.
  expect(third.audit.state()).toMatchObject({ epoch: 2, toUpload: 0 })
  const last = heldBy(server).at(-1)!
  expect(last[0]).toBe(2)
  expect(last[1]).toBeGreaterThan(heldBy(server).at(-2)![2]!)
  expect(third.audit.list({ limit: 20 }).find(({ action }) => action === 'audit.epoch-opened')).toMatchObject({
    epoch: 2,
    subject: 'refused-by-server',
  })
  await recordSome(third, 1)
  expect(await third.audit.upload(now())).toMatchObject({ toUpload: 0, lastError: null })
  await third.close()
})

test('a log larger than one segment goes in several, in order', { timeout: 120_000 }, async () => {
  const { open, server } = await setting()
  const console = await open('new')
  await recordSome(console, 5_600)
  await console.audit.upload(now())
  expect(heldBy(server)).toEqual([
    [1, 1, 5000],
    [1, 5001, 5602],
  ])
  expect(console.audit.state()).toMatchObject({ toUpload: 0 })
  await console.close()
})

test('the server judges an upload that was whole when it was killed', async () => {
  const { open, server, serverDir, trust, signer, dir } = await setting()
  const console = await open('new')
  await recordSome(console, 2)
  server.intake.take = () => new Promise(() => undefined)
  const abort = new AbortController()
  const upload = console.audit.upload(abort.signal)
  await expect.poll(() => existsSync(join(dir, 'outbox')) && outbox(dir).length).toBe(1)
  await expect.poll(() => readdirSync(join(serverDir, 'uploads')).length).toBeGreaterThan(0)
  await new Promise((resolve) => setTimeout(resolve, 300))
  abort.abort()
  await expect(upload).rejects.toThrow(expect.objectContaining({ code: 'cancelled' }))
  await server.close()
  const restarted = await startIntake(serverDir, trust, [signer])
  onTestFinished(() => restarted.close())
  expect(heldBy(restarted)).toEqual([[1, 1, 3]])
  trust.policy.set({ ...trust.full, endpoint: restarted.endpoint })
  await console.audit.upload(now())
  expect(heldBy(restarted)).toEqual([[1, 1, 3]])
  await console.close()
})
