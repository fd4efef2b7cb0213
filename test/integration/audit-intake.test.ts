import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { auditCommand } from '../../electron/depot/intake/commands.ts'
import { canonicalClear, entryHash, ZERO_HASH } from '../../electron/host/audit/chain.ts'
import { type ConsoleSigner, signHead } from '../../electron/host/audit/chain-head.ts'
import { segmentLines } from '../../electron/host/audit/chain-segment.ts'
import { ageSealer, generateAgeIdentity } from '../../electron/host/crypto/age-seal.ts'
import { Receipt } from '../../shared/model/audit.ts'
import { openConsole, testSigner, testTrust } from '../fixtures/audit/console.ts'
import { startIntake } from '../fixtures/audit/intake-server.ts'
import { tempDir } from '../fixtures/temp-dir.ts'

const TUS = { 'Tus-Resumable': '1.0.0' }

async function setting() {
  const trust = await testTrust()
  const signer = testSigner()
  const dir = tempDir()
  const server = await startIntake(dir, trust, [signer])
  onTestFinished(() => server.close())
  const intake = ageSealer([trust.intake.recipient])
  return { trust, signer, server, dir, seal: (plain: Uint8Array) => intake.seal(plain) }
}

/** A sound chain of `count` entries in `epoch`, after `prev`. */
function chain(count: number, options: { epoch?: number; first?: number; prev?: string; actor?: string } = {}) {
  const { epoch = 1, first = 1, actor = 'console' } = options
  let prev = options.prev ?? ZERO_HASH
  return Array.from({ length: count }, (_, i) => {
    const clear = {
      seq: first + i,
      epoch,
      time: { wall: 1, mono: 0, source: 'wall' as const, uncertainty: null },
      actor,
      action: i === 0 && prev === ZERO_HASH ? ('audit.epoch-opened' as const) : ('run.phase' as const),
      subject: 's',
      prev,
    }
    const hash = entryHash(prev, canonicalClear(clear), new Uint8Array())
    prev = hash
    return { clear, hash, sealed: new Uint8Array() }
  })
}

function plainSegment(signer: ConsoleSigner, entries: ReturnType<typeof chain>, change: object = {}) {
  const [first, last] = [entries[0]!, entries.at(-1)!]
  const head = signHead(signer, { epoch: last.clear.epoch, seq: last.clear.seq, hash: last.hash }, 1)
  const header = {
    format: 'slipway.audit-segment/1' as const,
    console: signer.console,
    epoch: first.clear.epoch,
    first: first.clear.seq,
    last: last.clear.seq,
    prev: first.clear.prev,
    ...change,
  }
  return { head, plain: Buffer.concat([...segmentLines(header, entries, head)]) }
}

const idOf = (file: Uint8Array) => createHash('sha256').update(file).digest('hex')
const b64 = (text: string) => Buffer.from(text).toString('base64')

/** tus by hand: what a hostile client would send. */
async function send(
  endpoint: URL,
  file: Uint8Array,
  metadata: Record<string, string>,
  headers: Record<string, string> = {},
) {
  const created = await fetch(endpoint, {
    method: 'POST',
    headers: {
      ...TUS,
      'Upload-Length': String(file.length),
      'Upload-Metadata': Object.entries(metadata)
        .map(([key, value]) => `${key} ${b64(value)}`)
        .join(','),
      ...headers,
    },
  })
  if (created.status !== 201) return { status: created.status, body: await created.text() }
  const url = new URL(created.headers.get('location')!, endpoint)
  const patched = await fetch(url, {
    method: 'PATCH',
    headers: { ...TUS, 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' },
    body: Buffer.from(file),
  })
  return { status: patched.status, body: await patched.text() }
}

const claim = (signer: ConsoleSigner, file: Uint8Array, head: object) => ({
  console: signer.console,
  segment: idOf(file),
  head: JSON.stringify(head),
})

test('a sound segment is held, and asked for again it is the same receipt', async () => {
  const { signer, server, seal } = await setting()
  const { plain, head } = plainSegment(signer, chain(3))
  const file = await seal(plain)
  expect(await send(server.endpoint, file, claim(signer, file, head))).toMatchObject({ status: 204 })
  const ask = async () => await (await fetch(new URL(`receipts/${idOf(file)}`, server.endpoint))).json()
  const receipt = Receipt.parse(await ask())
  expect(receipt).toMatchObject({ console: 'console-1', epoch: 1, first: 1, last: 3, segment: idOf(file) })
  expect(await send(server.endpoint, file, claim(signer, file, head))).toMatchObject({ status: 204 })
  expect(await ask()).toEqual(receipt)
  expect(server.intake.ledger.list('console-1')).toHaveLength(1)
})

test('what is no segment of this console is refused with its reason and kept as evidence', async () => {
  const { signer, server, seal, dir } = await setting()
  const good = chain(3)
  const { plain, head } = plainSegment(signer, good)
  const edited = good.map((entry, i) => (i === 1 ? { ...entry, clear: { ...entry.clear, actor: 'eve' } } : entry))
  const other = testSigner('console-1')
  const elsewhere = ageSealer([(await generateAgeIdentity()).recipient])
  const cases: [Uint8Array, object][] = [
    [Buffer.from('no age file'), { code: 'audit.bad-segment', detail: { what: 'sealed' } }],
    [await elsewhere.seal(plain), { code: 'audit.bad-segment', detail: { what: 'sealed' } }],
    [(await seal(plain)).subarray(0, -3), { code: 'audit.bad-segment', detail: { what: 'sealed' } }],
    [await seal(Buffer.from('not json\n')), { code: 'audit.bad-segment', detail: { what: 'header' } }],
    [await seal(plain.subarray(0, -1)), { code: 'audit.truncated' }],
    [
      await seal(plainSegment(signer, edited).plain),
      { code: 'audit.chain-broken', detail: { seq: 2, what: 'content' } },
    ],
    [await seal(plainSegment(signer, [good[0]!, good[2]!]).plain), { code: 'audit.gap' }],
    [await seal(plainSegment(other, good).plain), { code: 'audit.bad-head' }],
    [
      await seal(plainSegment(testSigner('console-2'), good).plain),
      { code: 'audit.bad-segment', detail: { what: 'console' } },
    ],
    [await seal(plainSegment(signer, good.slice(1)).plain), { code: 'audit.gap', detail: { expected: 0 } }],
  ]
  for (const [file, expected] of cases) {
    const { status, body } = await send(server.endpoint, file, claim(signer, file, head))
    expect({ status, ...JSON.parse(body) }).toMatchObject({ status: 422, ...expected })
    const answer = await fetch(new URL(`receipts/${idOf(file)}`, server.endpoint))
    expect({ status: answer.status, ...(await answer.json()) }).toMatchObject({ status: 422, ...expected })
  }
  expect(server.intake.ledger.list('console-1')).toEqual([])
  expect(readdirSync(join(dir, 'refused')).filter((name) => name.endsWith('.age'))).toHaveLength(cases.length)
  expect((await server.intake.refusals.list()).map(({ reason }) => reason.code)).toContain('audit.chain-broken')
})

test('no upload begins without a head that a known console signed', async () => {
  const { signer, server, seal, dir } = await setting()
  const { plain, head } = plainSegment(signer, chain(2))
  const file = await seal(plain)
  const good = claim(signer, file, head)
  const { head: _, ...headless } = good
  const refused: [Record<string, string>, string][] = [
    [headless, 'audit.bad-head'],
    [{ ...good, head: 'null' }, 'audit.bad-head'],
    [{ ...good, head: JSON.stringify({ ...head, seq: 99 }) }, 'audit.bad-head'],
    [{ ...good, segment: '../../etc/passwd' }, 'audit.bad-head'],
    [{ ...good, console: '..' }, 'audit.bad-head'],
    [{ ...good, console: 'stranger' }, 'audit.bad-head'],
    [claim(testSigner('stranger'), file, plainSegment(testSigner('stranger'), chain(2)).head), 'audit.unknown-console'],
  ]
  for (const [metadata, code] of refused) {
    const { status, body } = await send(server.endpoint, file, metadata)
    expect({ status, code: JSON.parse(body).code }).toEqual({ status: 422, code })
  }
  expect(readdirSync(join(dir, 'uploads'))).toEqual([])
})

test('size, unknown length, and a console’s unfinished uploads are limited', async () => {
  const { signer, server, seal } = await setting()
  const { plain, head } = plainSegment(signer, chain(2))
  const file = await seal(plain)
  const create = (headers: Record<string, string>) =>
    fetch(server.endpoint, {
      method: 'POST',
      headers: {
        ...TUS,
        'Upload-Metadata': Object.entries(claim(signer, file, head))
          .map(([key, value]) => `${key} ${b64(value)}`)
          .join(','),
        ...headers,
      },
    })
  expect((await create({ 'Upload-Length': String(200 * 1024 * 1024) })).status).toBe(413)
  expect((await create({ 'Upload-Defer-Length': '1' })).status).toBe(422)
  const statuses = []
  for (let i = 0; i < 9; i += 1) statuses.push((await create({ 'Upload-Length': '1000' })).status)
  expect(statuses).toEqual([...Array<number>(8).fill(201), 422])
})

test('a gap, a fork, a rewritten head and a rolled-back console are told apart', async () => {
  const { server, seal } = await setting()
  /** A console of its own that has four entries at the server. */
  const withFour = async (name: string) => {
    const signer = testSigner(name)
    server.consoles.set(name, signer.publicKey)
    const deliver = async (entries: ReturnType<typeof chain>, head?: object) => {
      const segment = plainSegment(signer, entries)
      const file = await seal(segment.plain)
      const { status, body } = await send(server.endpoint, file, claim(signer, file, head ?? segment.head))
      return status === 204 ? 'held' : (JSON.parse(body) as { code: string }).code
    }
    const first = chain(4)
    expect(await deliver(first)).toBe('held')
    return { signer, deliver, first, prev: first.at(-1)!.hash }
  }

  const rolledBack = await withFour('rolled-back')
  expect(await rolledBack.deliver(rolledBack.first.slice(0, 2))).toBe('audit.truncated')

  const gap = await withFour('gap')
  expect(await gap.deliver(chain(2, { first: 6, prev: gap.prev }))).toBe('audit.gap')

  const fork = await withFour('fork')
  expect(await fork.deliver(chain(3, { first: 4, prev: fork.first[2]!.hash, actor: 'eve' }))).toBe('audit.fork')
  // The key has signed two histories: the true one is no longer to be told from the other.
  expect(await fork.deliver(chain(2, { first: 5, prev: fork.prev }))).toBe('audit.fork')
  expect(await fork.deliver(chain(2, { epoch: 2, first: 8 }))).toBe('held')

  // It announces seven, and then shows another seventh.
  const { signer, deliver, prev } = await withFour('rewritten')
  const announced = chain(3, { first: 5, prev })
  expect(await deliver(chain(1, { first: 5, prev }), plainSegment(signer, announced).head)).toBe('held')
  expect(await deliver(chain(3, { first: 5, prev, actor: 'eve' }))).toBe('audit.fork')
  expect(await deliver(announced)).toBe('held')
  expect(await deliver(chain(2, { epoch: 2, first: 8 }))).toBe('held')
  expect(await deliver(chain(1, { first: 8, prev: announced.at(-1)!.hash }))).toBe('audit.truncated')
})

test('the publisher lists, verifies and opens what is held', async () => {
  const { trust, signer, server, dir } = await setting()
  trust.policy.set({ ...trust.full, endpoint: server.endpoint })
  const console = await openConsole(tempDir(), { signer, policy: trust.policy, key: 'new' })
  const record = (subject: string) =>
    console.audit.recorder.record({ actor: 'ada', action: 'run.phase', subject, detail: { secret: subject } })
  await record('a')
  await console.audit.upload(new AbortController().signal)
  await record('b')
  await console.audit.upload(new AbortController().signal)
  await console.close()
  const identity = join(dir, 'identity.txt')
  writeFileSync(identity, `# a comment\n${trust.detail.identity}\n`)

  const run = async (...args: string[]) => {
    const lines: string[] = []
    let failed = false
    const receiptKeys = [{ keyid: trust.receiptKey.keyid, publicKey: trust.receiptKey.publicKey }]
    const context = { intake: server.intake, consoles: server.consoles, receiptKeys }
    const command = auditCommand({
      open: () => Promise.resolve(context),
      print: (line) => lines.push(line),
      fail: () => {
        failed = true
      },
    })
    await command.exitOverride().parseAsync(args, { from: 'user' })
    return { lines, failed }
  }
  const { lines } = await run('list')
  expect(lines[0]).toMatch(/^console-1 {2}last receipt /)
  expect(lines[1]).toBe('  epoch 1  entries 1-4  2 segments')
  expect(await run('verify')).toEqual({ lines: ['all that is held verifies'], failed: false })

  const opened = (await run('open', 'console-1', '--identity', identity, '--from', '2')).lines.map((line) =>
    JSON.parse(line),
  )
  expect(opened.map(({ seq, detail }) => [seq, detail])).toEqual([
    [2, { secret: 'a' }],
    [3, expect.objectContaining({ first: 1, last: 2 })],
    [4, { secret: 'b' }],
  ])
  const sealed = (await run('open', 'console-1', '--from', '2', '--to', '2')).lines.map((line) => JSON.parse(line))
  expect(sealed).toEqual([expect.objectContaining({ seq: 2, subject: 'a', detail: null, opened: false })])
  const second = server.intake.ledger.list('console-1')[1]!
  expect((await run('open', '--file', second.path)).lines).toHaveLength(2)
  await expect(run('open', 'nobody')).rejects.toThrow(expect.objectContaining({ code: 'audit.unknown-console' }))

  // The disk loses a byte, and somebody edits a receipt.
  const bytes = readFileSync(second.path)
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  writeFileSync(second.path, bytes)
  expect(await run('verify')).toEqual({
    lines: [expect.stringMatching(/console-1 [0-9a-f]{64} audit\.bad-segment/)],
    failed: true,
  })
})

test('requests that are no tus and no receipt get nothing out of the server', async () => {
  const { server, dir } = await setting()
  for (const path of [
    'receipts/x',
    'receipts/..%2f..%2frefused',
    `receipts/${'0'.repeat(64)}`,
    'uploads',
    '../consoles/',
  ]) {
    const answer = await fetch(new URL(path, server.endpoint))
    expect({ path, status: answer.status, text: await answer.text() }).toEqual({
      path,
      status: 404,
      text: expect.not.stringContaining(dir),
    })
  }
  expect((await fetch(server.endpoint, { method: 'POST', headers: TUS })).status).toBe(400)
  expect(
    (await fetch(new URL('a%00b', server.endpoint), { method: 'PATCH', headers: TUS })).status,
  ).toBeGreaterThanOrEqual(400)
  expect((await fetch(new URL('nope', server.endpoint), { method: 'HEAD', headers: TUS })).status).toBe(404)
})
