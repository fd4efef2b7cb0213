import { AppError } from '../../../shared/errors.ts'
import { passes } from './backend.ts'
import { canonicalJson } from './canonical-json.ts'
import { type Ed25519Backend, ed25519Backend, knowsEd25519 } from './ed25519.ts'
import { sha256Hex } from './hash.ts'

/**
 * Known answers, asked at each start of what every judgement rests on. A run-time that answers wrongly was passed over
 * for the reference already; throws `host.crypto-broken` with the names when nothing right is left, and then the console
 * must not judge anything. The reference is asked only where it is used: it takes longer to wake than a start may.
 */
export function selfTest(ed25519: () => Ed25519Backend = () => ed25519Backend().use): void {
  const wrong: string[] = []
  const expect = (name: string, right: boolean) => void (right || wrong.push(name))
  expect(
    'sha256',
    passes(() => sha256Hex('abc') === 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', null),
  )
  expect('canonical-json', canonicalJson({ b: [1, 'é"'], a: null }) === '{"a":null,"b":[1,"é\\""]}')
  expect(
    'ed25519',
    passes((backend) => knowsEd25519(backend()), ed25519),
  )
  if (wrong.length > 0) throw new AppError('host.crypto-broken', { detail: { wrong: wrong.join(' ') } })
}
