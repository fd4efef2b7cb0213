import { canonicalBytes } from '../../../electron/host/crypto/canonical-json.ts'
import {
  isDocumentPath,
  POLICY_PATHS,
  readConsolePolicy,
  readDocument,
  readOperators,
  readRecipients,
  shelfOf,
} from '../../../electron/host/trust/documents.ts'
import { parseJson, toPlain } from '../../../electron/host/trust/json.ts'
import { DEFAULT_LIMITS } from '../../../electron/host/trust/limits.ts'
import { TrustedSet } from '../../../electron/host/trust/trusted-set.ts'
import { isAppError } from '../../../shared/errors.ts'
import { SlipwayRepository } from '../../fixtures/tuf/slipway-repository.ts'
import { storedStateOf } from '../../fixtures/tuf/stored.ts'
import type { FuzzTarget } from '../target.ts'

const NOW = Date.UTC(2026, 10, 20)
const repo = new SlipwayRepository({ now: NOW })
repo.delegateBins('artifacts', 'bin', 4)
repo.release()
const good = storedStateOf(repo, { syncedAt: NOW })
const heldRole = (role: string) => good.roles.get(role) ?? new Uint8Array()
/** Targets roles, each after the one that delegates to it. */
const STEPS = [
  { role: 'targets', delegator: 'root' },
  { role: 'policy', delegator: 'targets' },
  { role: 'artifacts', delegator: 'targets' },
  { role: 'bin-7', delegator: 'artifacts' },
]

/** Signed again by everybody who may sign for its kind, so that damage reaches what is behind the signatures. */
function signedAgain(bytes: Buffer): Buffer {
  try {
    const { signed } = JSON.parse(bytes.toString('utf8'))
    const payload = canonicalBytes(signed)
    const { _type: type } = signed
    const roles: readonly string[] = type === 'targets' ? STEPS.map(({ role }) => role) : [type]
    const signatures = roles
      .flatMap((role) => repo.of(role))
      .map((signer) => ({ keyid: signer.keyid, sig: signer.sign(payload) }))
    return Buffer.from(JSON.stringify({ signatures, signed }))
  } catch {
    // What is no JSON any more cannot be signed either.
    return bytes
  }
}

/** In each place where a server could put it, every file before it being good; what it then says is used. */
function feed(bytes: Uint8Array): void {
  const type = /"_type":\s*"(\w+)"/.exec(Buffer.from(bytes).toString('latin1'))?.[1] ?? 'targets'
  const set = new TrustedSet(type === 'root' ? bytes : (good.roots[0] ?? bytes), { now: NOW, limits: DEFAULT_LIMITS })
  if (type === 'root') return
  set.updateTimestamp(type === 'timestamp' ? bytes : good.timestamp)
  set.updateSnapshot(type === 'snapshot' ? bytes : good.snapshot, type === 'snapshot' ? 'held' : 'named')
  set.requireFinalSnapshot()
  readAsAny(
    STEPS.map((step) => () => {
      const { delegations } = set.updateTargets(bytes, step)
      for (const path of ['artifacts/x', 'plans/../x', '', '*']) delegations?.covering(path)
    }),
    (at) => set.updateTargets(heldRole(STEPS[at]?.role ?? ''), STEPS[at] ?? { role: '', delegator: '' }),
  )
}

/** Throws the last refusal when each of them refused; what is no coded refusal at once. */
function readAsAny(readers: readonly (() => unknown)[], afterwards: (at: number) => unknown = () => {}): void {
  const refusals = readers.map((read, at) => {
    try {
      read()
      return null
    } catch (error) {
      if (!isAppError(error)) throw error
      afterwards(at)
      return error
    }
  })
  const last = refusals.at(-1)
  if (last && !refusals.includes(null)) throw last
}

const POLICIES: Readonly<Record<string, (bytes: Uint8Array) => unknown>> = {
  [POLICY_PATHS.console]: readConsolePolicy,
  [POLICY_PATHS.operators]: readOperators,
  [POLICY_PATHS.recipients]: readRecipients,
}
const PATHS = [...repo.metadata.values()].flatMap(({ targets = {} }) => Object.keys(targets)).filter(isDocumentPath)

const reader = (path: string) => (bytes: Uint8Array) => {
  const place = shelfOf(path)
  return place ? readDocument(place.shelf, path, bytes) : POLICIES[path]?.(bytes)
}

export const TRUST: readonly FuzzTarget[] = [
  {
    name: 'TUF metadata',
    seeds: [...good.roots, good.timestamp, good.snapshot, ...STEPS.map(({ role }) => heldRole(role))],
    mend: signedAgain,
    run: feed,
  },
  {
    name: 'signed documents',
    seeds: [...good.documents.values()].filter((bytes) => bytes[0] === 0x7b),
    run: (bytes) => readAsAny(PATHS.map((path) => () => reader(path)(bytes))),
  },
  {
    // Two parsers that understand one text in two ways could be made to trust two things.
    name: 'strict JSON',
    seeds: [good.timestamp, Buffer.from('{"a":[1,-2,0.5,1e3,"\\u00e5\\n",true,null,{"b":{}}],"å":"ø"}')],
    run(bytes) {
      const ours = JSON.stringify(toPlain(parseJson(bytes, { numbers: 'any' })))
      const theirs = JSON.stringify(JSON.parse(Buffer.from(bytes).toString('utf8')))
      if (ours !== theirs) throw new Error(`two meanings: ${ours} and ${theirs}`)
    },
  },
]
