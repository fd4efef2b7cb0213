import type { GuideStep } from '../../../shared/contract/demo.ts'

/** What the tour goes by. */
export interface GuideFacts {
  readonly address: string
  readonly fingerprint: string
  readonly device: string
  readonly pinned: boolean
  readonly operators: number
  /** The publisher has let in everybody who asked. */
  readonly approved: boolean
  readonly signedIn: boolean
  /** The signed policy on the console names who is signed in, and every artifact is here. */
  readonly synced: boolean
  readonly offline: boolean
  /** The machine of the tour is being updated, or was. */
  readonly started: boolean
  readonly safe: boolean
  readonly updated: boolean
  /** Everything recorded is held by the server, which has signed for it. */
  readonly uploaded: boolean
}

/** The steps of the tour, each with whether the console's own state says that it is done. Pure. */
export function guide(facts: GuideFacts): GuideStep[] {
  const { updated } = facts
  const done: Readonly<Record<GuideStep['id'], boolean>> = {
    trust: facts.pinned,
    enrol: facts.operators > 0,
    approve: facts.approved,
    'sign-in': facts.signedIn,
    sync: facts.synced || updated,
    offline: facts.offline || updated,
    'safe-state': (facts.started && facts.safe) || updated,
    update: updated,
    online: updated && !facts.offline,
    audit: updated && !facts.offline && facts.uploaded,
  }
  const about: Partial<Record<GuideStep['id'], GuideStep['facts']>> = {
    trust: { address: facts.address, fingerprint: facts.fingerprint },
    'safe-state': { device: facts.device },
    update: { device: facts.device },
  }
  const order = Object.keys(done) as GuideStep['id'][]
  const next = order.find((id) => !done[id])
  return order.map((id) => ({
    id,
    state: id === next ? 'now' : done[id] ? 'done' : 'later',
    facts: about[id] ?? {},
  }))
}
