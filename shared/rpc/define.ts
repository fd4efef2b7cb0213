import type { z } from 'zod'

/**
 * Who may use a method, checked by the server before the handler runs. What a *plan* demands of a
 * person is checked deeper, where the plan is known.
 * - `open`: whoever stands at the laptop: looking, enrolling, signing in, stopping a run.
 * - `operator`: somebody is signed in.
 * - `lease`: somebody is signed in whose signed lease still runs.
 */
export type Access = 'open' | 'operator' | 'lease'

export interface CallVerb<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly verb: 'call'
  readonly access: Access
  readonly input: I
  readonly output: O
}

export interface WatchVerb<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly verb: 'watch'
  readonly access: Access
  readonly input: I
  readonly output: O
}

export type Verb = CallVerb | WatchVerb
type Namespace = Readonly<Record<string, Verb>>
export type Contract = Readonly<Record<string, Namespace>>

/** A request with one reply. */
export function call<I extends z.ZodType, O extends z.ZodType>(access: Access, input: I, output: O): CallVerb<I, O> {
  return { verb: 'call', access, input, output }
}

/** The current value first, then changes, the latest winning. */
export function watch<I extends z.ZodType, O extends z.ZodType>(access: Access, input: I, output: O): WatchVerb<I, O> {
  return { verb: 'watch', access, input, output }
}

/**
 * A value that changes: what a watch handler returns. `read` may be called at any time and as often
 * as the server likes; `onChange` only says that another `read` is worth it.
 */
export interface Live<T> {
  read(): T | Promise<T>
  onChange(listener: () => void): () => void
}

export interface CallOptions {
  readonly signal?: AbortSignal
}

export interface WatchListener<T> {
  value(value: T): void
  /** The stream is over: by the host's wish (`null`), by an error, or because the wire closed. */
  end?(error: Error | null): void
}

/** What a client of contract `C` can call. */
export type Client<C extends Contract> = {
  readonly [N in keyof C]: {
    readonly [M in keyof C[N]]: C[N][M] extends CallVerb<infer I, infer O>
      ? (input: z.input<I>, options?: CallOptions) => Promise<z.output<O>>
      : C[N][M] extends WatchVerb<infer I, infer O>
        ? (input: z.input<I>, listener: WatchListener<z.output<O>>) => () => void
        : never
  }
}

/** What a host of contract `C` must provide. `Ctx` comes from the host's session, never from the payload. */
export type Handlers<C extends Contract, Ctx> = {
  readonly [N in keyof C]: {
    readonly [M in keyof C[N]]: C[N][M] extends CallVerb<infer I, infer O>
      ? (input: z.output<I>, ctx: Ctx, signal: AbortSignal) => Promise<z.output<O>> | z.output<O>
      : C[N][M] extends WatchVerb<infer I, infer O>
        ? (input: z.output<I>, ctx: Ctx) => Live<z.output<O>>
        : never
  }
}

/** Looks up `namespace.method` without tripping over names that every object inherits. */
export function findVerb(contract: Contract, method: string): Verb | undefined {
  const dot = method.indexOf('.')
  if (dot < 1) return undefined
  const name = method.slice(0, dot)
  const namespace = Object.hasOwn(contract, name) ? contract[name] : undefined
  const verb = method.slice(dot + 1)
  return namespace && Object.hasOwn(namespace, verb) ? namespace[verb] : undefined
}
