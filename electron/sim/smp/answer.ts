import type { SmpBody } from '../../host/protocol/smp/body.ts'

/** What the device makes of one request. */
export interface Answer {
  readonly reply: Reply | null
  /** ms the device is busy with it before it answers. */
  readonly busyMs: number
  /** What the request did to the device, beyond an answer. */
  readonly effect?: 'restart' | 'recovery' | 'power-loss'
}

/** An agreement, or a refusal with the numbers of both protocol versions. A null group: the protocol itself refused. */
type Reply =
  | { readonly ok: true; readonly body: SmpBody }
  | { readonly ok: false; readonly group: number | null; readonly rc: number; readonly v1: number }

export function yes(body: SmpBody): Answer {
  return { reply: { ok: true, body }, busyMs: 0 }
}

/** `rc` of the group in version 2, `v1` in version 1. */
export function no(group: number | null, rc: number, v1: number = rc): Answer {
  return { reply: { ok: false, group, rc, v1 }, busyMs: 0 }
}

/** The payload for a request that came in `version`; null: silence. */
export function payload({ reply }: Answer, version: 1 | 2): SmpBody | null {
  if (!reply || reply.ok) return reply?.body ?? null
  if (version === 2 && reply.group !== null) return { err: { group: reply.group, rc: reply.rc } }
  return { rc: reply.group === null ? reply.rc : reply.v1 }
}
