import type { z } from 'zod'
import type { SlipwayContract } from '../../shared/contract/index.ts'
import type { CallVerb, WatchVerb } from '../../shared/rpc/define.ts'

type Methods = {
  [N in keyof SlipwayContract]: {
    [M in keyof SlipwayContract[N] as `${N}.${Extract<M, string>}`]: SlipwayContract[N][M]
  }
}[keyof SlipwayContract]
type UnionToIntersection<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void ? I : never
type Verbs = UnionToIntersection<Methods>

/** `site.board`, `runs.one`, ...: whatever the contract lets a page watch. */
export type WatchMethod = { [M in keyof Verbs]: Verbs[M] extends WatchVerb ? M : never }[keyof Verbs]
export type WatchInput<M extends WatchMethod> = Verbs[M] extends WatchVerb<infer I> ? z.input<I> : never
export type WatchOutput<M extends WatchMethod> = Verbs[M] extends WatchVerb<z.ZodType, infer O> ? z.output<O> : never

/** `runs.start`, `sync.check`, ...: whatever the contract lets a page ask. */
export type CallMethod = { [M in keyof Verbs]: Verbs[M] extends CallVerb ? M : never }[keyof Verbs]
export type CallInput<M extends CallMethod> = Verbs[M] extends CallVerb<infer I> ? z.input<I> : never
export type CallOutput<M extends CallMethod> = Verbs[M] extends CallVerb<z.ZodType, infer O> ? z.output<O> : never

/** `site.board` -> `['site', 'board']` */
export function splitMethod(method: WatchMethod | CallMethod): readonly [namespace: string, verb: string] {
  const [namespace = '', verb = ''] = method.split('.', 2)
  return [namespace, verb]
}
