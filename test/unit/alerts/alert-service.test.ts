import { beforeEach, describe, expect, it } from 'vitest'
import { AlertService } from '../../../electron/host/alerts/alert-service.ts'
import { type AlertFacts, alertCauses } from '../../../electron/host/alerts/causes.ts'
import type { EntryDraft } from '../../../electron/host/audit/recorder.ts'
import { alertQueries } from '../../../electron/host/store/alerts.ts'
import { Db } from '../../../electron/host/store/db.ts'
import { AppError } from '../../../shared/errors.ts'
import type { RunSummary } from '../../../shared/model/run.ts'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 10, 20)

const quiet: AlertFacts = {
  now: NOW,
  runs: [],
  devices: [],
  trust: { state: 'good', until: NOW + 30 * DAY, limit: 'offline-limit', reason: null },
  clock: null,
  dictionaries: true,
  lease: null,
  audit: { broken: null, toUpload: 0, oldestWaiting: null, carried: null },
}

function run(change: Partial<RunSummary>): RunSummary {
  return {
    id: 'R1',
    plan: 'crane-2.5.0',
    planTitle: 'Crane 2.5.0',
    device: 'acme-crane:CR-0007',
    deviceName: 'crane-07',
    typeTitle: 'Crane controller',
    phase: 'writing',
    change: {},
    progress: null,
    startedAt: NOW,
    endedAt: null,
    actor: 'kari',
    needsPerson: false,
    reason: null,
    ...change,
  }
}

describe('what causes an alert', () => {
  it('is nothing, on a console where nothing is wrong', () => {
    expect(alertCauses({ ...quiet, runs: [run({})] })).toEqual([])
  })

  it.each([
    ['a run that ended unknown', { runs: [run({ phase: 'unknown' })] }, 'alarm', 'run.ended-unknown', 'run:R1'],
    [
      'a run with a question about the device',
      { runs: [run({ phase: 'attention', needsPerson: true })] },
      'alarm',
      'run.needs-person',
      'run:R1',
    ],
    [
      'a run that holds',
      { runs: [run({ phase: 'awaiting-safe', needsPerson: true })] },
      'caution',
      'run.needs-person',
      'run:R1',
    ],
    [
      'trust that ends soon',
      { trust: { ...quiet.trust, state: 'renew-soon' } },
      'caution',
      'trust.renew-soon',
      'trust',
    ],
    [
      'a clock that nobody set',
      { clock: new AppError('trust.clock-behind').toData() },
      'caution',
      'trust.clock-behind',
      'trust',
    ],
    ['a run-time without dictionaries', { dictionaries: false }, 'caution', 'host.no-dictionaries', 'sync'],
    [
      'a lease that ends in a day',
      { lease: { operator: 'kari', until: NOW + DAY } },
      'caution',
      'people.lease-ends-soon',
      'people',
    ],
    ['a lease that has ended', { lease: { operator: 'kari', until: NOW } }, 'warning', 'people.lease-ended', 'people'],
    [
      'a log that waits for a month',
      { audit: { ...quiet.audit, toUpload: 5, oldestWaiting: NOW - 31 * DAY } },
      'caution',
      'audit.upload-overdue',
      'audit',
    ],
    [
      "others' logs that wait for a week",
      { audit: { ...quiet.audit, carried: { entries: 9, since: NOW - 8 * DAY } } },
      'caution',
      'audit.carried-overdue',
      'audit',
    ],
    [
      'a broken log',
      { audit: { ...quiet.audit, broken: new AppError('audit.chain-broken').toData() } },
      'alarm',
      'audit.chain-broken',
      'audit',
    ],
  ] as const)('is %s', (_name, change, level, code, subject) => {
    const causes = alertCauses({ ...quiet, ...change })
    expect(causes.map((cause) => [cause.level, cause.reason.code, cause.subject])).toEqual([[level, code, subject]])
  })

  it('is not a lease that runs for weeks', () => {
    expect(alertCauses({ ...quiet, lease: { operator: 'kari', until: NOW + 20 * DAY } })).toEqual([])
  })
})

describe('the list of alerts', () => {
  let db: Db
  let facts: AlertFacts
  let recorded: EntryDraft[]
  const service = () =>
    new AlertService({
      queries: alertQueries(db),
      now: () => NOW,
      facts: () => facts,
      recorder: {
        record: async (entries, change) => {
          recorded.push(...[entries].flat())
          return db.tx(() => change?.() as never)
        },
      },
    })

  beforeEach(() => {
    db = Db.open(':memory:')
    facts = quiet
    recorded = []
  })

  it('keeps an alert whose cause is gone until a person has acknowledged it, through a restart', async () => {
    const before = service()
    facts = { ...quiet, runs: [run({ phase: 'unknown' })] }
    before.update()
    facts = quiet
    before.update()
    const after = service()
    expect(after.list()).toMatchObject([{ id: 'run.unknown:R1', active: false, acknowledgedAt: null }])
    await after.acknowledge('run.unknown:R1', 'kari')
    expect(after.list()).toEqual([])
    expect(recorded).toMatchObject([{ actor: 'kari', action: 'alert.acknowledged', subject: 'run.unknown:R1' }])
  })

  it('keeps an acknowledged alert as long as its cause lasts', async () => {
    const alerts = service()
    facts = { ...quiet, runs: [run({ phase: 'unknown' })] }
    alerts.update()
    await alerts.acknowledge('run.unknown:R1', 'kari')
    alerts.update()
    expect(alerts.list()).toMatchObject([{ active: true, acknowledgedBy: 'kari' }])
  })

  it('says nothing when nothing changed', () => {
    const alerts = service()
    let words = 0
    alerts.onChange(() => {
      words += 1
    })
    facts = { ...quiet, runs: [run({ phase: 'unknown' })] }
    alerts.update()
    alerts.update()
    expect(words).toBe(1)
  })

  it('refuses to acknowledge what was never raised', async () => {
    await expect(service().acknowledge('nothing', 'kari')).rejects.toMatchObject({ code: 'alert.unknown' })
  })
})
