import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { signBag } from '../../../electron/host/audit/carried/receipt-bag.ts'
import { signWaybill } from '../../../electron/host/audit/carried/waybill.ts'
import { signHead } from '../../../electron/host/audit/chain-head.ts'
import { signReceipt } from '../../../electron/host/audit/chain-receipt.ts'
import { sha256Hex } from '../../../electron/host/crypto/hash.ts'
import { type Receipt, ReceiptBag, Waybill } from '../../../shared/model/audit.ts'
import { testKey, testSigner } from '../../fixtures/audit/console.ts'
import { type Laptop, logsOn, receiptsOn, sticks } from '../../fixtures/audit/sticks.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'

const now = () => new AbortController().signal
const json = (value: unknown) => JSON.stringify(value)

describe('a stick with logs', () => {
  let stick: string
  let crew: Laptop
  let office: Laptop
  let world: Awaited<ReturnType<typeof sticks>>
  /** The paper and the goods of the crew's only segment. */
  let paper: string
  let goods: string

  beforeEach(async () => {
    world = await sticks()
    crew = await world.laptop('crew', { offline: () => true })
    office = await world.laptop('office')
    stick = tempDir()
    await crew.record(4)
    await crew.handOver(stick)
    const names = readdirSync(logsOn(stick, 'crew')).map((name) => join(logsOn(stick, 'crew'), name))
    paper = names.find((name) => name.endsWith('.json')) ?? ''
    goods = names.find((name) => name.endsWith('.age')) ?? ''
  })

  const waybill = () => Waybill.parse(JSON.parse(readFileSync(paper, 'utf8')))
  /** Tries to take it: what came, what was refused, and what lies around afterwards. */
  const attempt = async () => {
    const { logs, refused } = await office.take(stick)
    const folder = readdirSync(office.dir).includes('carried') ? readdirSync(join(office.dir, 'carried')) : []
    return { logs, refused, folder, carried: office.audit.state().carried.others, crew: await crew.audit.verify('ada') }
  }
  /** Nothing came, nothing lies around, and the crew's own log is as it was. */
  const refused = (code: string, detail: object = {}) => ({
    logs: [],
    refused: [{ reason: { code, detail } }],
    folder: [],
    carried: [],
    crew: { ok: true },
  })

  it('is taken when nothing is wrong with it', async () => {
    expect(await office.take(stick)).toMatchObject({ logs: [{ console: 'crew', entries: 5 }], refused: [] })
  })

  it('with a changed byte', async () => {
    const bytes = readFileSync(goods)
    bytes[bytes.length - 9] = (bytes.at(-9) ?? 0) ^ 1
    writeFileSync(goods, bytes)
    expect(await attempt()).toMatchObject(refused('audit.bad-segment', { what: 'id' }))
  })

  it('with a segment that was cut off', async () => {
    truncateSync(goods, 500)
    expect(await attempt()).toMatchObject(refused('audit.truncated', { found: 500 }))
  })

  it('with a segment that does not end', async () => {
    truncateSync(goods, 8 * 1024 ** 3)
    expect(await attempt()).toMatchObject(refused('audit.bad-segment', { what: 'length' }))
  })

  it('with something else than a sealed log', async () => {
    const bytes = Buffer.from('#!/bin/sh\nrm -rf --no-preserve-root /\n')
    const signed = waybill()
    const segment = sha256Hex(bytes)
    writeFileSync(goods.replace(signed.segment, segment), bytes)
    const { format: _format, console: _console, signature: _signature, ...rest } = signed
    writeFileSync(
      paper.replace(signed.segment, segment),
      json(signWaybill(crew.signer, { ...rest, segment, bytes: bytes.length })),
    )
    rmSync(paper)
    expect(await attempt()).toMatchObject(refused('audit.bad-segment', { what: 'sealed' }))
  })

  it('with links in the place of files and of folders', async () => {
    renameSync(goods, join(stick, 'elsewhere.age'))
    symlinkSync(join(stick, 'elsewhere.age'), goods)
    expect(await attempt()).toMatchObject(refused('pack.bad-file', { why: 'no-file' }))
    rmSync(goods)
    renameSync(join(stick, 'elsewhere.age'), goods)
    renameSync(logsOn(stick, 'crew'), join(stick, 'crew'))
    symlinkSync(join(stick, 'crew'), logsOn(stick, 'crew'))
    expect(await attempt()).toMatchObject(refused('pack.bad-file', { why: 'no-folder' }))
  })

  it('with papers that name another place', async () => {
    writeFileSync(paper, json({ ...waybill(), console: '../../crew' }))
    expect(await attempt()).toMatchObject(refused('audit.bad-waybill', { what: 'form' }))
    cpSync(logsOn(stick, 'crew'), logsOn(stick, 'mate'), { recursive: true })
    rmSync(logsOn(stick, 'crew'), { recursive: true })
    expect(await attempt()).toMatchObject(refused('audit.bad-waybill'))
  })

  it('with papers that another key signed, or that were changed', async () => {
    const { format: _format, console: _console, signature: _signature, ...rest } = waybill()
    writeFileSync(paper, json(signWaybill({ ...testSigner(), console: 'crew' }, rest)))
    expect(await attempt()).toMatchObject(refused('audit.bad-waybill', { what: 'signature' }))
    writeFileSync(paper, json({ ...signWaybill(crew.signer, rest), prev: 'a'.repeat(64) }))
    expect(await attempt()).toMatchObject(refused('audit.bad-waybill', { what: 'signature' }))
  })

  it('with the same segment again as one of another epoch', async () => {
    const signed = waybill()
    for (const file of [paper, goods]) cpSync(file, file.replace('/1-1-', '/2-1-'))
    const other = paper.replace('/1-1-', '/2-1-')
    writeFileSync(other, json({ ...signed, epoch: 2 }))
    const taken = await office.take(stick)
    // The true one came, and the other did not, whatever it says.
    expect(taken).toMatchObject({ logs: [{ entries: 5 }] })
    expect(office.audit.state().carried.others).toMatchObject([{ segments: 1 }])
    const fresh = await world.laptop('fresh')
    rmSync(paper)
    expect(await fresh.take(stick)).toMatchObject({ logs: [], refused: [{ reason: { code: 'audit.bad-waybill' } }] })
  })

  it('with a head that ends before the segment does', async () => {
    const { format: _format, console: _console, signature: _signature, ...rest } = waybill()
    const head = signHead(crew.signer, { epoch: 1, seq: 2, hash: 'b'.repeat(64) }, 1)
    writeFileSync(paper, json(signWaybill(crew.signer, { ...rest, head })))
    expect(await attempt()).toMatchObject(refused('audit.bad-waybill', { what: 'head' }))
  })

  it('with more than a stick holds', async () => {
    writeFileSync(paper, `{"format":"slipway.audit-waybill/1","console":"${'a'.repeat(100_000)}"}`)
    expect(await attempt()).toMatchObject(refused('trust.too-large'))
    for (let i = 0; i < 4001; i += 1) writeFileSync(join(logsOn(stick, 'crew'), `x${i}`), '')
    expect(await attempt()).toMatchObject(refused('pack.bad-file', { why: 'too-many' }))
  })

  it('without the goods', async () => {
    rmSync(goods)
    expect(await attempt()).toMatchObject(refused('file.not-found'))
  })

  it('brings no more than others may take here, oldest first, and the rest stays on it', async () => {
    await crew.record(40, 2000)
    await crew.handOver(stick)
    const small = await world.laptop('small', { carriedRoom: { limit: 30_000, reserveBytes: 0 } })
    const taken = await small.take(stick)
    expect(taken).toMatchObject({ logs: [{ entries: 5 }], refused: [{ reason: { code: 'audit.carried-full' } }] })
    await small.audit.upload(now())
    expect(readdirSync(logsOn(stick, 'crew'))).toHaveLength(4)
    expect(await office.take(stick)).toMatchObject({ refused: [] })
  })

  describe('with receipts', () => {
    let receipt: Receipt

    beforeEach(async () => {
      await office.take(stick)
      await office.audit.upload(now())
      await office.handOver(stick)
      const bag = ReceiptBag.parse(JSON.parse(readFileSync(join(receiptsOn(stick, 'crew'), 'office.json'), 'utf8')))
      receipt = bag.receipts[0] as Receipt
    })

    const put = (bag: unknown) => writeFileSync(join(receiptsOn(stick, 'crew'), 'office.json'), json(bag))
    const bagOf = (...receipts: Receipt[]) => signBag(office.signer, 'crew', receipts, 1)
    const homeAgain = async () => ({
      ...(await crew.take(stick)),
      own: crew.audit.state().carried.own,
      outbox: readdirSync(join(crew.dir, 'outbox')),
    })
    /** The entries still wait, and the segment is where it was. */
    const notBelieved = (what: string) => ({
      receipts: { entries: 0 },
      refused: [{ reason: { code: 'audit.bad-receipt', detail: { what } } }],
      own: { entries: 5 },
      outbox: [receipt.segment],
    })

    it('that a stranger signed', async () => {
      const { format: _format, keyid: _keyid, signature: _signature, ...rest } = receipt
      put(bagOf(signReceipt(rest, { ...testKey(), keyid: receipt.keyid })))
      expect(await homeAgain()).toMatchObject(notBelieved('signature'))
      put(bagOf(signReceipt(rest, { ...testKey(), keyid: 'receipt-2' })))
      expect(await homeAgain()).toMatchObject(notBelieved('key'))
    })

    it('that were changed', async () => {
      put(bagOf({ ...receipt, last: receipt.last + 1 }))
      expect(await homeAgain()).toMatchObject(notBelieved('signature'))
      put(bagOf({ ...receipt, last: receipt.last - 1 }))
      expect(await homeAgain()).toMatchObject(notBelieved('signature'))
    })

    it('of another console, also when its own carrier says that they are ours', async () => {
      const mate = await world.laptop('mate', { offline: () => true })
      await mate.record(4)
      const other = tempDir()
      await mate.handOver(other)
      await office.take(other)
      await office.audit.upload(now())
      const theirs = world.server.intake.ledger.list('mate')[0]?.receipt as Receipt
      put(bagOf(theirs))
      expect(await homeAgain()).toMatchObject(notBelieved('console'))
      put(bagOf({ ...theirs, console: 'crew' }))
      expect(await homeAgain()).toMatchObject(notBelieved('signature'))
    })

    it('of an older log of the same name, which the publisher did sign', async () => {
      // The same laptop, set up anew: what was signed for its first life says nothing of this one.
      const { format: _format, keyid: _keyid, signature: _signature, ...rest } = receipt
      put(bagOf(signReceipt({ ...rest, head: 'c'.repeat(64), segment: 'd'.repeat(64) }, world.trust.receiptKey)))
      expect(await homeAgain()).toMatchObject(notBelieved('head'))
    })

    it('beside a bad one are taken all the same, and a carrier that nobody vouches for is not named', async () => {
      put({ ...bagOf({ ...receipt, head: 'e'.repeat(64) }, receipt), signature: '0'.repeat(128) })
      expect(await crew.take(stick)).toMatchObject({ receipts: { entries: 5, carriers: [] }, refused: [{}] })
      expect(crew.audit.state().lastReceipt).toMatchObject({ last: 5, carrier: null })
    })

    it('in a bag that is none', async () => {
      put({ receipts: 'all of them' })
      expect(await homeAgain()).toMatchObject(notBelieved('form'))
      rmSync(join(receiptsOn(stick, 'crew'), 'office.json'))
      mkdirSync(join(receiptsOn(stick, 'crew'), 'office.json'))
      expect(await crew.take(stick)).toMatchObject({ refused: [{ reason: { code: 'pack.bad-file' } }] })
    })
  })
})
