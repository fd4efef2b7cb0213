import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { alertQueries } from '../../../electron/host/store/alerts.ts'
import { Db } from '../../../electron/host/store/db.ts'
import { factQueries } from '../../../electron/host/store/facts.ts'
import { MIGRATIONS } from '../../../electron/host/store/migrations/index.ts'
import { settingQueries } from '../../../electron/host/store/settings.ts'
import { openConsole, testTrust } from '../../fixtures/audit/console.ts'
import { GOLDEN } from '../../fixtures/golden/golden.ts'
import { openPeople } from '../../fixtures/people/people.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'

const golden = fileURLToPath(new URL('../../fixtures/golden/schema-1.db', import.meta.url))

function copied(): string {
  const path = join(tempDir(), 'slipway.db')
  copyFileSync(golden, path)
  return path
}

const counts = (path: string) => {
  const db = new Database(path, { readonly: true })
  const tables = db
    .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .all()
  const found = tables.map(({ name }) => [name, db.prepare(`SELECT count(*) AS n FROM "${name}"`).get()])
  db.close()
  return Object.fromEntries(found) as Record<string, { n: number }>
}

const schema = (db: Database.Database) =>
  db.prepare("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name").all()

test('every migration up to the released schema is as it was when it was released', () => {
  const fresh = new Database(':memory:')
  fresh.exec(MIGRATIONS[0]!.sql)
  const released = new Database(golden, { readonly: true })
  // Changed before the first release on purpose? Then: npx node test/fixtures/golden/make.ts
  expect(schema(fresh)).toEqual(schema(released))
  released.close()
})

test('a database of schema 1 has a row in every table, and loses none on the way to this schema', () => {
  const path = copied()
  const before = counts(path)
  expect(Object.entries(before).filter(([, { n }]) => n === 0)).toEqual([])
  const db = Db.open(path)
  db.close()
  expect(counts(path)).toMatchObject(before)
})

test('its log verifies, its settings and alerts are read, and its operator signs in', async () => {
  const path = copied()
  const trust = await testTrust()
  const console = await openConsole(join(path, '..'), { signer: GOLDEN.signer, policy: trust.policy, key: 'known' })
  expect(console.audit.list({ limit: 100 }).map(({ action }) => action)).toEqual(
    expect.arrayContaining(['audit.epoch-opened', 'people.enrolled', 'people.signed-in', 'audit.exported']),
  )
  // The file beside the database did not come along: the log says so and goes on.
  expect(console.audit.state().epoch).toBe(2)
  expect(await console.audit.verify('console')).toMatchObject({ ok: true })
  expect(settingQueries(console.db).read()).toMatchObject({ palette: 'night', signOutAfterMinutes: 15 })
  expect(factQueries(console.db).get('site')).toBe('harbour')
  expect(alertQueries(console.db).list()).toMatchObject([{ id: 'trust', reason: { code: 'trust.expired' } }])
  await console.close()

  const db = Db.open(path)
  db.prepare('DELETE FROM audit_entry').run()
  db.prepare('DELETE FROM audit_epoch').run()
  const { people } = await openPeople({ db })
  const [ada] = people.list()
  expect(ada).toMatchObject({ name: GOLDEN.name })
  await people.signIn(ada!.id, GOLDEN.passphrase)
  expect(people.credential(GOLDEN.address)).toEqual(GOLDEN.login)
  people.close()
  db.close()
})
