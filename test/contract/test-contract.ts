import { expect } from 'vitest'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { call, type Handlers, watch } from '../../shared/rpc/define.ts'
import type { ServeOptions } from '../../shared/rpc/server.ts'
import { LiveValue } from '../fixtures/live-value.ts'

/** A small contract with one method for each way a method can behave. */
export const testContract = {
  echo: {
    text: call('open', z.object({ text: z.string() }), z.object({ text: z.string() })),
    large: call('open', z.object({ length: z.int() }), z.string()),
    number: call('open', z.null(), z.number()),
  },
  fail: {
    coded: call('open', z.null(), z.null()),
    thrown: call('open', z.null(), z.null()),
    unserialisable: call('open', z.null(), z.unknown()),
    forOperators: call('operator', z.null(), z.null()),
    badOutput: call('open', z.null(), z.number()),
  },
  slow: { job: call('open', z.object({ name: z.string() }), z.string()) },
  count: {
    value: watch('open', z.null(), z.number()),
    failing: watch('open', z.null(), z.number()),
    hanging: watch('open', z.null(), z.number()),
    big: watch('open', z.null(), z.string()),
  },
}
export type TestContract = typeof testContract
export const VERSION = 7
export const TOKEN = 't'.repeat(43)

/** An error of a code, whatever else it carries. */
export const coded = (code: string, detail: object = {}) =>
  expect.objectContaining({ code, detail: expect.objectContaining(detail) as object }) as unknown

/** A host of the test contract, and what it went through. */
export class TestHost {
  readonly counter = new LiveValue(0)
  readonly big = new LiveValue('')
  readonly cancelled: string[] = []
  readonly finished: string[] = []
  readonly unexpected: unknown[] = []
  #jobs = new Map<string, () => void>()

  finish(job: string): void {
    this.#jobs.get(job)?.()
  }
  isRunning(job: string): boolean {
    return this.#jobs.has(job)
  }

  readonly handlers: Handlers<TestContract, null> = {
    echo: {
      text: (input) => input,
      large: ({ length }) => 'x'.repeat(length),
      number: () => 42,
    },
    fail: {
      coded: () => {
        throw new AppError('device.busy', { detail: { device: 'crane-07' } })
      },
      thrown: () => {
        throw new TypeError('secret path /home/anna/.ssh/id_ed25519')
      },
      unserialisable: () => 10n,
      forOperators: () => null,
      badOutput: () => 'not a number' as unknown as number,
    },
    slow: {
      job: ({ name }, _ctx, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => this.cancelled.push(name))
          this.#jobs.set(name, () => {
            this.finished.push(name)
            resolve(name)
          })
        }),
    },
    count: {
      value: () => this.counter,
      failing: () => ({
        read: () => {
          throw new AppError('store.corrupt')
        },
        onChange: () => () => {},
      }),
      hanging: () => ({ read: () => new Promise<number>(() => {}), onChange: () => () => {} }),
      big: () => this.big,
    },
  }

  options(more: Partial<ServeOptions<TestContract, null>> = {}): ServeOptions<TestContract, null> {
    return {
      contract: testContract,
      version: VERSION,
      handlers: this.handlers,
      checkOutput: true,
      admit: (access) => {
        if (access !== 'open') throw new AppError('people.not-signed-in')
        return null
      },
      onUnexpected: (error) => {
        this.unexpected.push(error)
        return `log-${this.unexpected.length}`
      },
      ...more,
    }
  }
}
