import { expect, test } from 'vitest'
import { view } from '../../../electron/cli/views/view.ts'
import { createFormats } from '../../../renderer/text/format.ts'
import { AppError } from '../../../shared/errors.ts'

const options = { formats: createFormats('en', { zone: 'UTC' }), columns: 100 }
const NOW = Date.UTC(2026, 10, 20, 12)
const why = (code: 'audit.carried-full' | 'audit.gap' | 'pack.older') => new AppError(code).toData()

test('a stick that was taken says what it brought, and what not', () => {
  const text = view(
    'packs.take',
    {
      folder: '/media/stick/slipway-pack',
      issuedAt: NOW,
      until: NOW,
      plans: 3,
      artifacts: 0,
      refused: [],
      toFetch: 0,
      notTaken: why('pack.older'),
      along: {
        logs: [{ console: 'crew', entries: 31, bytes: 9000 }],
        receipts: { entries: 5, carriers: ['office'], others: 1 },
        refused: [{ target: 'logs/mate/1-1-9-ab', reason: why('audit.carried-full') }],
      },
    },
    options,
  )
  expect(text).toContain("the publisher's receipt for 5 entries of this console, carried by office")
  expect(text).toContain('the log of crew, 31 entries, sent at the next sync')
  expect(text).toContain('1 receipt for others')
  expect(text).toMatch(/Not taken in +The pack is older/)
  expect(text).toMatch(/logs\/mate\/1-1-9-ab +Logs of other consoles take all the room/)
})

test('a stick that was given something says what it carries', () => {
  const log = { entries: 31, others: [{ console: 'mate', entries: 1 }], receipts: 2 }
  expect(view('packs.handOver', { folder: '/media/stick', ...log }, options)).toContain(
    'the log of this console, 31 entries; the log of mate, 1 entry; 2 receipts for others',
  )
  expect(view('packs.handOver', { folder: '/media/stick', entries: 0, others: [], receipts: 0 }, options)).toContain(
    'nothing waits to be carried',
  )
  const made = { folder: '/media/stick', artifacts: 1, bytes: 10, until: NOW, leftOut: [], log, logFailed: null }
  expect(view('packs.make', made, options)).toMatch(/Also carries +the log of this console, 31 entries/)
})

test('the log says what is on a stick, and whose logs wait here', () => {
  const text = view(
    'audit.state',
    {
      epoch: 1,
      entries: 40,
      lastSeq: 40,
      toUpload: 31,
      uploading: null,
      lastReceipt: null,
      chain: null,
      sealing: true,
      lastError: null,
      carried: {
        own: { entries: 31, first: 10, last: 40, since: NOW },
        others: [{ console: 'crew', segments: 1, entries: 9, bytes: 700, since: NOW, reason: why('audit.gap') }],
        bytes: 700,
        limit: 1000,
      },
    },
    options,
  )
  expect(text).toMatch(/On a stick +31 entries \(10 to 40\), since 20 Nov/)
  expect(text).toMatch(/crew +9 +700.*Entries are missing/)
})
