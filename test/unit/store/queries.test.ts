import { expect, test } from 'vitest'
import { alertQueries } from '../../../electron/host/store/alerts.ts'
import { Db } from '../../../electron/host/store/db.ts'
import { factQueries } from '../../../electron/host/store/facts.ts'
import { peopleQueries } from '../../../electron/host/store/people.ts'
import { DEFAULT_SETTINGS, settingQueries } from '../../../electron/host/store/settings.ts'
import { AppError } from '../../../shared/errors.ts'

test('facts are set, replaced and removed', () => {
  const facts = factQueries(Db.open(':memory:'))
  expect(facts.get('site')).toBeNull()
  facts.set('site', 'harbour')
  facts.set('site', 'pier')
  expect(facts.get('site')).toBe('pier')
  facts.remove('site')
  expect(facts.get('site')).toBeNull()
})

test('settings begin with defaults, change one by one, and a spoilt one spoils no other', () => {
  const db = Db.open(':memory:')
  const settings = settingQueries(db)
  expect(settings.read()).toEqual(DEFAULT_SETTINGS)
  settings.write({ palette: 'night' })
  settings.write({ signOutAfterMinutes: 0 })
  expect(settings.read()).toEqual({ ...DEFAULT_SETTINGS, palette: 'night', signOutAfterMinutes: 0 })

  db.prepare("UPDATE setting SET json = '\"purple\"' WHERE name = 'palette'").run()
  db.prepare("UPDATE setting SET json = '{' WHERE name = 'signOutAfterMinutes'").run()
  db.prepare("INSERT INTO setting (name, json) VALUES ('language', '\"de\"')").run()
  expect(settings.read()).toEqual({ ...DEFAULT_SETTINGS, language: 'de' })
  expect(() => settings.write({ palette: 'purple' as 'day' })).toThrow(/palette/)
})

test('an alert stays until its cause is gone and somebody has acknowledged it', () => {
  const alerts = alertQueries(Db.open(':memory:'))
  const reason = new AppError('trust.expired', { detail: { role: 'root' } }).toData()
  const alert = { id: 'trust', level: 'warning', subject: 'trust', reason } as const
  alerts.raise({ ...alert, raisedAt: 10 })
  alerts.raise({ ...alert, level: 'alarm', raisedAt: 20 })
  expect(alerts.list()).toEqual([
    { ...alert, level: 'alarm', raisedAt: 10, active: true, acknowledgedAt: null, acknowledgedBy: null },
  ])

  expect(alerts.acknowledge('trust', 'ada', 30)).toBe(true)
  expect(alerts.acknowledge('trust', 'bob', 31)).toBe(false)
  alerts.forgetSettled()
  expect(alerts.list()).toHaveLength(1)
  expect(alerts.clear('trust')).toBe(true)
  expect(alerts.clear('trust')).toBe(false)

  // It comes back: acknowledged once is not acknowledged for ever.
  alerts.raise({ ...alert, raisedAt: 40 })
  expect(alerts.list()[0]).toMatchObject({ raisedAt: 40, active: true, acknowledgedAt: null })
  alerts.clear('trust')
  alerts.forgetSettled()
  expect(alerts.list()).toHaveLength(1)
  alerts.acknowledge('trust', 'ada', 50)
  alerts.forgetSettled()
  expect(alerts.list()).toEqual([])
})

test('operators: wrong passphrases are counted and forgotten; credentials belong to one operator', () => {
  const people = peopleQueries(Db.open(':memory:'))
  const ada = { id: 'ada', name: 'Ada', publicKey: 'aa', vault: '{}', request: '{}', createdAt: 1 }
  people.add(ada)
  expect(() => people.add(ada)).toThrow(/UNIQUE/)
  people.addFailure('ada', 5)
  people.addFailure('ada', 6)
  expect(people.get('ada')).toEqual({ ...ada, lastSignIn: null, failures: 2, failedAt: 6 })
  people.setSignedIn('ada', 7)
  expect(people.list()).toEqual([{ ...ada, lastSignIn: 7, failures: 0, failedAt: null }])

  people.putCredential('ada', 'udp://a:1', Buffer.from('one'))
  people.putCredential('ada', 'udp://a:1', Buffer.from('two'))
  expect(Buffer.from(people.credential('ada', 'udp://a:1') ?? []).toString()).toBe('two')
  expect(people.credential('bob', 'udp://a:1')).toBeNull()
})
