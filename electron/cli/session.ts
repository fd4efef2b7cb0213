import { contract, type SlipwayContract } from '../../shared/contract/index.ts'
import { AppError } from '../../shared/errors.ts'
import type { Client, Contract } from '../../shared/rpc/define.ts'
import type { CliIo } from './io.ts'
import type { Printer } from './printer.ts'

/** What every command works with. */
export interface Session {
  readonly io: CliIo
  readonly print: Printer
  /** Ctrl-C. */
  readonly signal: AbortSignal
  /** The code with which the command ends although nothing failed. */
  readonly exit: (code: number) => void
  /** Connects on first use. */
  client(): Promise<Client<SlipwayContract>>
}

type AnyClient = Readonly<Record<string, Readonly<Record<string, (...args: unknown[]) => unknown>>>>

/** Calls a method by its name. */
export async function callMethod(session: Session, method: string, input: unknown): Promise<unknown> {
  const [namespace = '', name = ''] = method.split('.')
  const client = (await session.client()) as unknown as AnyClient
  return client[namespace]?.[name]?.(input, { signal: session.signal })
}

/**
 * Follows a watch until `onValue` returns true, the host ends it, or Ctrl-C.
 * @throws AppError `cancelled` on Ctrl-C, and how the host ended it
 */
export async function watchMethod(
  session: Session,
  method: string,
  input: unknown,
  onValue: (value: unknown) => boolean,
): Promise<void> {
  const [namespace = '', name = ''] = method.split('.')
  const client = (await session.client()) as unknown as AnyClient
  await new Promise<void>((resolve, reject) => {
    const finish = (settle: () => void) => {
      session.signal.removeEventListener('abort', onAbort)
      stop?.()
      settle()
    }
    const onAbort = () => finish(() => reject(new AppError('cancelled')))
    session.signal.addEventListener('abort', onAbort)
    const stop = client[namespace]?.[name]?.(input, {
      value: (value: unknown) => {
        if (onValue(value)) finish(resolve)
      },
      end: (error: Error | null) => finish(() => (error ? reject(error) : resolve())),
    }) as (() => void) | undefined
  })
}

/** Every method of the contract by name, in its order. */
export function allMethods() {
  return Object.entries(contract as Contract).flatMap(([namespace, verbs]) =>
    Object.entries(verbs).map(([name, verb]) => ({ namespace, name, method: `${namespace}.${name}`, verb })),
  )
}
