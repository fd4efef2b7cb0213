import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { openBox, sealBox } from '../crypto/secretbox.ts'
import type { PeopleQueries } from '../store/people.ts'
import type { SignedIn } from './session.ts'

const Login = z.strictObject({ username: z.string(), password: z.string(), privateKey: z.string().optional() })
/** A device login. */
export type Login = z.infer<typeof Login>

/** A login as it lies in the database: under the operator's key, and good for this address alone. */
export function sealLogin({ keys, operator }: SignedIn, address: string, login: Login): Uint8Array {
  return sealBox(keys.credentialKey, Buffer.from(JSON.stringify(login), 'utf8'), contextOf(operator, address))
}

/** The signed-in operator's login for an address; null when they have none. Throws `store.corrupt`. */
export function openLogin({ keys, operator }: SignedIn, address: string, queries: PeopleQueries): Login | null {
  const sealed = queries.credential(operator, address)
  if (sealed === null) return null
  const plain = openBox(keys.credentialKey, sealed, contextOf(operator, address))
  if (plain === null) throw new AppError('store.corrupt', { detail: { why: 'column', column: 'credential.sealed' } })
  return Login.parse(JSON.parse(Buffer.from(plain).toString('utf8')))
}

function contextOf(operator: string, address: string): Uint8Array {
  return Buffer.from(JSON.stringify(['slipway.credential/1', operator, address]), 'utf8')
}
