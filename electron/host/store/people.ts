import type { Db } from './db.ts'

/** An operator whose key is on this laptop. `vault` and `request` are JSON that `people` reads. */
export interface OperatorRow {
  readonly id: string
  readonly name: string
  /** Ed25519 public key, hex. */
  readonly publicKey: string
  readonly vault: string
  readonly request: string
  readonly createdAt: number
  readonly lastSignIn: number | null
  readonly failures: number
  readonly failedAt: number | null
}

const COLUMNS = `id, name, public_key AS publicKey, vault_json AS vault, request_json AS request,
  created_at AS createdAt, last_sign_in AS lastSignIn, failures, failed_at AS failedAt`

export function peopleQueries(db: Db) {
  const all = db.prepare<[], OperatorRow>(`SELECT ${COLUMNS} FROM operator ORDER BY name, id`)
  const one = db.prepare<[string], OperatorRow>(`SELECT ${COLUMNS} FROM operator WHERE id = ?`)
  const add = db.prepare<[string, string, string, string, string, number]>(
    'INSERT INTO operator (id, name, public_key, vault_json, request_json, created_at) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const vault = db.prepare<[string, string]>('UPDATE operator SET vault_json = ? WHERE id = ?')
  const request = db.prepare<[string, string]>('UPDATE operator SET request_json = ? WHERE id = ?')
  const signedIn = db.prepare<[number, string]>(
    'UPDATE operator SET last_sign_in = ?, failures = 0, failed_at = NULL WHERE id = ?',
  )
  const failed = db.prepare<[number, string]>('UPDATE operator SET failures = failures + 1, failed_at = ? WHERE id = ?')
  const passed = db.prepare<[string]>('UPDATE operator SET failures = 0, failed_at = NULL WHERE id = ?')
  const putCredential = db.prepare<[string, string, Uint8Array]>(
    `INSERT INTO credential (operator, address, sealed) VALUES (?, ?, ?)
     ON CONFLICT (operator, address) DO UPDATE SET sealed = excluded.sealed`,
  )
  const credential = db.prepare<[string, string], { sealed: Uint8Array }>(
    'SELECT sealed FROM credential WHERE operator = ? AND address = ?',
  )
  return {
    list: (): OperatorRow[] => all.all(),
    get: (id: string): OperatorRow | null => one.get(id) ?? null,
    add({
      id,
      name,
      publicKey,
      vault,
      request,
      createdAt,
    }: Omit<OperatorRow, 'lastSignIn' | 'failures' | 'failedAt'>): void {
      add.run(id, name, publicKey, vault, request, createdAt)
    },
    setVault(id: string, json: string): void {
      vault.run(json, id)
    },
    setRequest(id: string, json: string): void {
      request.run(json, id)
    },
    /** Notes a sign-in and forgets the wrong passphrases before it. */
    setSignedIn(id: string, at: number): void {
      signedIn.run(at, id)
    },
    /** Counts a wrong passphrase. */
    addFailure(id: string, at: number): void {
      failed.run(at, id)
    },
    clearFailures(id: string): void {
      passed.run(id)
    },
    putCredential(operator: string, address: string, sealed: Uint8Array): void {
      putCredential.run(operator, address, sealed)
    },
    credential: (operator: string, address: string): Uint8Array | null =>
      credential.get(operator, address)?.sealed ?? null,
  }
}
export type PeopleQueries = ReturnType<typeof peopleQueries>
