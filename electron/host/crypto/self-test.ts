import { AppError } from '../../../shared/errors.ts'
import { type Backend, passes } from './backend.ts'
import { canonicalJson } from './canonical-json.ts'
import { ed25519Backend, knowsEd25519, nobleEd25519 } from './ed25519.ts'
import { sha256Hex } from './hash.ts'
import { knowsP256, nobleP256, p256Backend } from './p256.ts'
import { knowsX25519, nobleX25519, x25519Backend } from './x25519.ts'

/** Which implementation answers for each primitive on this machine. */
export interface SelfTestReport {
  readonly ed25519: Backend<unknown>['name']
  readonly p256: Backend<unknown>['name']
  readonly x25519: Backend<unknown>['name']
  readonly ms: number
}

/**
 * Known answers, asked of both implementations at start-up. A run-time that answers wrongly is passed over
 * for the reference; throws `host.crypto-broken` with the names when nothing right is left, and then the
 * console must not judge anything.
 */
export function selfTest(now: () => number = () => performance.now()): SelfTestReport {
  const start = now()
  const wrong: string[] = []
  const expect = (name: string, right: boolean) => void (right || wrong.push(name))
  expect(
    'sha256',
    passes(() => sha256Hex('abc') === 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', null),
  )
  expect('canonical-json', canonicalJson({ b: [1, 'é"'], a: null }) === '{"a":null,"b":[1,"é\\""]}')
  // Only the reference is asked here: choosing the run-time's asks it already.
  expect('ed25519', passes(knowsEd25519, nobleEd25519))
  expect('p256', passes(knowsP256, nobleP256))
  expect('x25519', passes(knowsX25519, nobleX25519))
  if (wrong.length > 0) throw new AppError('host.crypto-broken', { detail: { wrong: wrong.join(' ') } })
  return {
    ed25519: ed25519Backend().name,
    p256: p256Backend().name,
    x25519: x25519Backend().name,
    ms: now() - start,
  }
}
