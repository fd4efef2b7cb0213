import { existsSync, readdirSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { verifyHeld } from '../../../electron/depot/intake/inspect.ts'
import { ReceiptBag, Waybill } from '../../../shared/model/audit.ts'
import type { TestIntake } from '../../fixtures/audit/intake-server.ts'
import { type Laptop, logsOn, receiptsOn, sticks } from '../../fixtures/audit/sticks.ts'
import { cuttingProxy } from '../../fixtures/cutting-proxy.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'
import { smallDisk } from '../../fixtures/tmpfs.ts'

const now = () => new AbortController().signal
const heldBy = ({ intake }: TestIntake, console: string) =>
  intake.ledger.list(console).map(({ receipt }) => [receipt.epoch, receipt.first, receipt.last])
const shelf = ({ dir }: Laptop) => (existsSync(join(dir, 'carried')) ? readdirSync(join(dir, 'carried')) : [])

test('the log of a laptop without a link goes through another, and the receipt comes home', async () => {
  const { trust, server, laptop } = await sticks()
  const crew = await laptop('crew', { offline: () => true })
  const office = await laptop('office')
  const stick = tempDir()
  await crew.record(30)
  await crew.handOver(stick)
  expect(crew.audit.state().carried.own).toMatchObject({ entries: 31 })
  const files = readdirSync(logsOn(stick, 'crew'))
  expect(files).toHaveLength(2)
  // Sealed to the publisher: neither the carrier nor a finder reads a word of it.
  const sealed = readFileSync(join(logsOn(stick, 'crew'), files.find((name) => name.endsWith('.age')) ?? ''))
  expect(sealed.includes('run.phase')).toBe(false)

  expect(await office.take(stick)).toMatchObject({ logs: [{ console: 'crew', entries: 31 }], refused: [] })
  expect(await office.take(stick)).toMatchObject({ logs: [], refused: [] })
  expect(office.audit.state().carried).toMatchObject({
    own: null,
    others: [{ console: 'crew', entries: 31, reason: null }],
  })
  await office.audit.upload(now())
  expect(heldBy(server, 'crew')).toEqual([[1, 1, 31]])
  expect(office.audit.state().carried.others).toEqual([])
  expect(shelf(office)).toEqual([])
  const { consoles } = server
  expect(await verifyHeld(server.intake, { consoles, receipts: trust.full.recipients.receiptKeys })).toEqual([])

  await office.handOver(stick)
  const bag = ReceiptBag.parse(JSON.parse(readFileSync(join(receiptsOn(stick, 'crew'), 'office.json'), 'utf8')))
  expect(bag.receipts).toMatchObject([{ console: 'crew', first: 1, last: 31 }])
  expect(await crew.take(stick)).toMatchObject({ receipts: { entries: 31, carriers: ['office'] }, refused: [] })
  const { carried, lastReceipt } = crew.audit.state()
  expect(carried.own).toBeNull()
  expect(lastReceipt).toMatchObject({ last: 31, carrier: 'office' })
  expect(readdirSync(join(crew.dir, 'outbox'))).toEqual([])
  expect(crew.audit.list({ limit: 100 }).filter(({ uploaded }) => uploaded)).toHaveLength(31)
  // The same bag again says nothing new.
  expect(await crew.take(stick)).toMatchObject({ receipts: { entries: 0 }, refused: [] })
  // What was signed for leaves the stick when its console writes to it again; new entries take its place.
  await crew.record(2)
  await crew.handOver(stick)
  const [again = ''] = readdirSync(logsOn(stick, 'crew')).filter((name) => name.endsWith('.json'))
  expect(Waybill.parse(JSON.parse(readFileSync(join(logsOn(stick, 'crew'), again), 'utf8')))).toMatchObject({
    first: 32,
  })
  expect(readdirSync(logsOn(stick, 'crew'))).toHaveLength(2)
  expect(await crew.audit.verify('ada')).toMatchObject({ ok: true })
})

test('a carrier that dies in the middle of an upload goes on where the server is, and loses nothing', async () => {
  const { trust, server, laptop } = await sticks()
  const proxy = await cuttingProxy(server.port)
  onTestFinished(() => proxy.close())
  const crew = await laptop('crew', { offline: () => true })
  const stick = tempDir()
  await crew.record(120, 3000)
  await crew.handOver(stick)
  const office = await laptop('office', { idleMs: 500 })
  await office.take(stick)
  await office.audit.upload(now())
  await crew.record(120, 3000)
  await crew.handOver(stick)
  await office.take(stick)
  const [id = ''] = shelf(office)
  const { size } = statSync(join(office.dir, 'carried', id))
  trust.policy.set({
    ...trust.full,
    consoles: server.consoles,
    endpoint: new URL(`http://127.0.0.1:${proxy.port}/audit/`),
  })
  // Bytes go through, and no answer comes back after a while: what a cable does that is pulled.
  proxy.setLimit(Math.floor(size / 2))
  const stop = new AbortController()
  const upload = office.audit.upload(stop.signal).catch(() => undefined)
  await expect.poll(() => proxy.forwarded()).toBeGreaterThan(size / 3)
  stop.abort()
  await upload
  const before = proxy.forwarded()
  proxy.setLimit(null)
  const next = await office.again()
  expect(shelf(next)).toEqual([id])
  expect(next.audit.state().carried.others).toMatchObject([{ console: 'crew', segments: 1 }])
  await next.audit.upload(now())
  expect(heldBy(server, 'crew')).toHaveLength(2)
  expect(shelf(next)).toEqual([])
  expect(proxy.forwarded() - before).toBeLessThan(size)
})

test('a stretch that was taken off the stick shows, and what came too early is held once the rest comes by another way', async () => {
  const { server, laptop } = await sticks()
  const crew = await laptop('crew', { offline: () => true })
  const [first, second] = [tempDir(), tempDir()]
  await crew.record(5)
  await crew.handOver(first)
  await crew.record(5)
  await crew.handOver(second)
  for (const name of readdirSync(logsOn(second, 'crew'))) {
    if (name.startsWith('1-1-')) rmSync(join(logsOn(second, 'crew'), name))
  }
  const thief = await laptop('thief')
  await thief.take(second)
  await thief.audit.upload(now())
  expect(heldBy(server, 'crew')).toEqual([])
  expect(thief.audit.state().carried.others).toMatchObject([{ console: 'crew', reason: { code: 'audit.gap' } }])
  // The server knows from the crew's own signature that there is more than it holds.
  expect(server.intake.ledger.known('crew').announced.get(1)?.seq).toBeGreaterThan(10)

  const office = await laptop('office')
  await office.take(first)
  await office.audit.upload(now())
  expect(heldBy(server, 'crew')).toEqual([
    [1, 1, 6],
    [1, 7, expect.any(Number)],
  ])
  await thief.audit.upload(now())
  expect(thief.audit.state().carried.others).toEqual([])
  // Receipts of two carriers on two sticks: the later one covers what came before it.
  await thief.handOver(second)
  expect(await crew.take(second)).toMatchObject({ receipts: { carriers: ['thief'] }, refused: [] })
  expect(crew.audit.state().carried.own).toBeNull()
})

test('what one carrier passes to another arrives the same, and its receipt ends the wait of both', async () => {
  const { server, laptop } = await sticks()
  const crew = await laptop('crew', { offline: () => true })
  const mate = await laptop('mate', { offline: () => true })
  const office = await laptop('office')
  const stick = tempDir()
  await crew.record(4)
  await crew.handOver(stick)
  await mate.take(stick)
  const other = tempDir()
  await mate.handOver(other)
  expect(await office.take(other)).toMatchObject({
    logs: [{ console: 'crew' }, { console: 'mate' }],
  })
  await office.audit.upload(now())
  expect(server.intake.ledger.consoles()).toEqual(expect.arrayContaining(['crew', 'mate', 'office']))
  await office.handOver(other)
  expect(await mate.take(other)).toMatchObject({ receipts: { carriers: ['office'], others: 1 }, refused: [] })
  expect(mate.audit.state().carried).toMatchObject({ own: null, others: [] })
  // The mate meets the crew before the office does.
  await mate.handOver(stick)
  expect(await crew.take(stick)).toMatchObject({ receipts: { entries: 5, carriers: ['mate'] } })
})

test('own trouble with the server does not hold up what others have handed over', async () => {
  const { server, laptop } = await sticks()
  const crew = await laptop('crew', { offline: () => true })
  const office = await laptop('office')
  const stick = tempDir()
  await crew.record(3)
  await crew.handOver(stick)
  await office.record(3)
  await office.take(stick)
  server.consoles.delete('office')
  await expect(office.audit.upload(now())).rejects.toMatchObject({ code: 'audit.unknown-console' })
  expect(heldBy(server, 'crew')).toEqual([[1, 1, 4]])
  expect(office.audit.state().carried.others).toEqual([])
})

test('a console that nobody knows yet is said so, and its log goes once it is let in', async () => {
  const { server, laptop } = await sticks()
  const crew = await laptop('crew', { offline: () => true })
  const office = await laptop('office')
  const stick = tempDir()
  await crew.record(3)
  await crew.handOver(stick)
  server.consoles.delete('crew')
  expect(await office.take(stick)).toMatchObject({ logs: [], refused: [{ reason: { code: 'audit.unknown-console' } }] })
  expect(shelf(office)).toEqual([])
  server.consoles.set('crew', crew.signer.publicKey)
  expect(await office.take(stick)).toMatchObject({ logs: [{ console: 'crew' }] })
  server.consoles.delete('crew')
  await office.audit.upload(now())
  expect(office.audit.state().carried.others).toMatchObject([{ reason: { code: 'audit.unknown-console' } }])
  server.consoles.set('crew', crew.signer.publicKey)
  await office.audit.upload(now())
  expect(heldBy(server, 'crew')).toHaveLength(1)
})

test('a full disk takes nothing along and loses nothing: the log is on the stick until there is room', async (context) => {
  const disk = smallDisk(context, 4096)
  const { server, laptop } = await sticks()
  const crew = await laptop('crew', { offline: () => true })
  const stick = tempDir()
  await crew.record(150, 3000)
  await crew.handOver(stick)
  // As if the disk had said that there is room: what it says a moment later is what counts.
  const office = await laptop('office', { carriedRoom: { limit: 2 ** 30, reserveBytes: -(2 ** 30) } }, disk.dir)
  await office.record(1)
  const filler = join(disk.dir, 'filler')
  const { bavail, bsize } = statfsSync(disk.dir)
  writeFileSync(filler, Buffer.alloc(bavail * bsize - 200_000))
  expect(await office.take(stick)).toMatchObject({ logs: [], refused: [{ reason: { code: 'disk.full' } }] })
  expect(shelf(office)).toEqual([])
  rmSync(filler)
  expect(await office.take(stick)).toMatchObject({ logs: [{ console: 'crew', entries: 151 }], refused: [] })
  await office.audit.upload(now())
  expect(heldBy(server, 'crew')).toEqual([[1, 1, 151]])
  expect(await office.audit.verify('ada')).toMatchObject({ ok: true })
})
