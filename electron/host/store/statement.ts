import type Database from 'better-sqlite3'
import { storeError } from './store-error.ts'

/** A compiled statement with typed parameters `P` and rows `R`. */
export interface Statement<P extends unknown[], R> {
  /** Runs it for its effect; `changes` is the number of rows that it touched. */
  run(...params: P): { readonly changes: number; readonly lastInsertRowid: number | bigint }
  get(...params: P): R | undefined
  all(...params: P): R[]
  /** Rows one at a time. The connection is busy until the iterator is done or returned. */
  iterate(...params: P): IterableIterator<R>
}

type Compiled = Database.Statement

/** Wraps a compiled statement so that its failures are coded and its writes are counted as commits. */
export function statement(compiled: Compiled, tx: <T>(work: () => T) => T): Statement<unknown[], unknown> {
  const guarded = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw storeError(error)
    }
  }
  return {
    run: (...params) => tx(() => compiled.run(...params)),
    get: (...params) =>
      compiled.readonly ? guarded(() => compiled.get(...params)) : tx(() => compiled.get(...params)),
    all: (...params) =>
      compiled.readonly ? guarded(() => compiled.all(...params)) : tx(() => compiled.all(...params)),
    iterate: (...params) => guarded(() => compiled.iterate(...params)),
  }
}
