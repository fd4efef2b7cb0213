import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import { type Connection, connect } from '../../shared/rpc/client.ts'
import { MAX_STREAMS, refuseWire, serve } from '../../shared/rpc/server.ts'
import { WATCH_INTERVAL_MS } from '../../shared/rpc/watch-pump.ts'
import { MAX_FRAME_LENGTH } from '../../shared/rpc/wire.ts'
import { eventually } from '../fixtures/eventually.ts'
import { hostileScenarios } from './hostile-scenarios.ts'
import { coded, type TestContract, TestHost, TOKEN, testContract, VERSION } from './test-contract.ts'
import type { WireKind, WirePair } from './wires.ts'

/** What every wire must carry in the same way. */
export function wireScenarios(makeKind: () => WireKind | Promise<WireKind>, name: string): void {
  describe(`the contract over ${name}`, () => {
    let kind: WireKind
    let host: TestHost
    beforeAll(async () => {
      kind = await makeKind()
    })
    afterAll(() => kind.close())
    beforeEach(() => {
      host = new TestHost()
    })

    const open = async (pair?: WirePair): Promise<Connection<TestContract>> => {
      const { client, host: end } = pair ?? (await kind.pair())
      serve(end, host.options())
      return connect(client, { contract: testContract, version: VERSION })
    }

    describe('calls', () => {
      it('answers', async () => {
        const { client } = await open()
        await expect(client.echo.text({ text: 'æøå \u2028 \ud83d\ude80' })).resolves.toEqual({
          text: 'æøå \u2028 \ud83d\ude80',
        })
        await expect(client.echo.number(null)).resolves.toBe(42)
      })

      it('carries large values both ways', async () => {
        const { client } = await open()
        const text = 'ø'.repeat(1_000_000)
        await expect(client.echo.text({ text })).resolves.toEqual({ text })
        await expect(client.echo.large({ length: 3_900_000 })).resolves.toHaveLength(3_900_000)
      })

      it('refuses a value that is too large, either way, and stays up', async () => {
        const { client } = await open()
        await expect(client.echo.text({ text: 'x'.repeat(MAX_FRAME_LENGTH) })).rejects.toEqual(coded('rpc.too-large'))
        await expect(client.echo.large({ length: MAX_FRAME_LENGTH })).rejects.toEqual(coded('rpc.too-large'))
        await expect(client.echo.number(null)).resolves.toBe(42)
      })

      it('answers each of many at once', async () => {
        const { client } = await open()
        const texts = Array.from({ length: MAX_STREAMS }, (_, index) => `text ${index}`)
        const replies = await Promise.all(texts.map((text) => client.echo.text({ text })))
        expect(replies.map((reply) => reply.text)).toEqual(texts)
      })

      it('is cancelled by its signal, on both sides', async () => {
        const { client } = await open()
        const abort = new AbortController()
        const job = client.slow.job({ name: 'a' }, { signal: abort.signal })
        await eventually(() => expect(host.isRunning('a')).toBe(true))
        abort.abort()
        await expect(job).rejects.toEqual(coded('cancelled'))
        await eventually(() => expect(host.cancelled).toEqual(['a']))
      })

      it('with a signal that has fired already never leaves', async () => {
        const { client } = await open()
        await expect(client.slow.job({ name: 'a' }, { signal: AbortSignal.abort() })).rejects.toEqual(
          coded('cancelled'),
        )
        await client.echo.number(null)
        expect(host.isRunning('a')).toBe(false)
      })

      it('refuses one stream too many, and takes the next when one ends', async () => {
        const { client } = await open()
        const abort = new AbortController()
        const jobs = Array.from({ length: MAX_STREAMS }, (_, index) =>
          client.slow.job({ name: `job ${index}` }, { signal: abort.signal }),
        )
        await expect(client.echo.number(null)).rejects.toEqual(coded('rpc.too-many-streams'))
        host.finish('job 0')
        await expect(jobs[0]).resolves.toBe('job 0')
        await expect(client.echo.number(null)).resolves.toBe(42)
        abort.abort()
        const rest = await Promise.allSettled(jobs.slice(1))
        expect(rest.every(({ status }) => status === 'rejected')).toBe(true)
      })
    })

    describe('errors', () => {
      it('carries code, advice and facts', async () => {
        const { client } = await open()
        const error = await client.fail.coded(null).catch((thrown: unknown) => thrown)
        expect(error).toBeInstanceOf(AppError)
        expect(error).toMatchObject({ code: 'device.busy', retry: 'now', detail: { device: 'crane-07' } })
      })

      it('hides an unexpected throw behind a log id', async () => {
        const { client } = await open()
        const error = (await client.fail.thrown(null).catch((thrown: unknown) => thrown)) as AppError
        expect(error.toData()).toEqual({ code: 'internal', retry: 'never', detail: { log: 'log-1' } })
        expect(host.unexpected).toEqual([expect.any(TypeError)])
      })

      it('treats a reply that is no JSON, or not the promised kind, as an error of that call', async () => {
        const { client } = await open()
        await expect(client.fail.unserialisable(null)).rejects.toEqual(coded('internal'))
        await expect(client.fail.badOutput(null)).rejects.toEqual(coded('rpc.bad-output'))
        await expect(client.echo.number(null)).resolves.toBe(42)
      })

      it('names the place of a bad input', async () => {
        const { client } = await open()
        const bad = client.echo.text({ text: 5 } as unknown as { text: string })
        await expect(bad).rejects.toEqual(coded('rpc.bad-input', { method: 'echo.text', at: 'text' }))
      })

      it('asks who calls before the handler runs', async () => {
        const { client } = await open()
        await expect(client.fail.forOperators(null)).rejects.toEqual(coded('people.not-signed-in'))
      })
    })

    describe('watches', () => {
      const collect = async () => {
        const connection = await open()
        const values: number[] = []
        const ends: (Error | null)[] = []
        const stop = connection.client.count.value(null, {
          value: (value) => values.push(value),
          end: (error) => ends.push(error),
        })
        await eventually(() => expect(values).toHaveLength(1))
        return { connection, values, ends, stop }
      }

      it('gives the current value first, then changes', async () => {
        host.counter.set(5)
        const { values } = await collect()
        expect(values).toEqual([5])
        host.counter.set(6)
        await eventually(() => expect(values).toEqual([5, 6]))
      })

      it('sends at most ten values a second, and the latest always', async () => {
        const began = performance.now()
        const { values } = await collect()
        for (let value = 1; value <= 100; value += 1) {
          host.counter.set(value)
          await sleep(10)
        }
        await eventually(() => expect(values.at(-1)).toBe(100))
        // As many as the time that it took has room for, and the two at its ends. Timers may be a millisecond early.
        const room = (performance.now() - began) / (WATCH_INTERVAL_MS - 1)
        expect(values.length).toBeGreaterThan(4)
        expect(values.length).toBeLessThanOrEqual(room + 2)
        expect(values).toEqual([...new Set(values)].sort((a, b) => a - b))
      })

      it('does not repeat a value that did not change', async () => {
        const { values } = await collect()
        for (let again = 0; again < 5; again += 1) {
          host.counter.set(0)
          await sleep(120)
        }
        expect(values).toEqual([0])
      })

      it('stops when asked, and the host lets go', async () => {
        const { connection, values, ends, stop } = await collect()
        expect(host.counter.watchers).toBe(1)
        stop()
        await eventually(() => expect(host.counter.watchers).toBe(0))
        host.counter.set(9)
        await connection.client.echo.number(null)
        expect(values).toEqual([0])
        expect(ends).toEqual([])
      })

      it('stops even while a value is being read', async () => {
        const { client } = await open()
        const stop = client.count.hanging(null, { value: () => {} })
        await client.echo.number(null)
        stop()
        // All places are free again: as many calls as there may be streams go through at once.
        const all = () => Promise.all(Array.from({ length: MAX_STREAMS }, () => client.echo.number(null)))
        await expect(eventually(all)).resolves.toHaveLength(MAX_STREAMS)
      })

      it('ends with the coded error of a failing read', async () => {
        const { client } = await open()
        const ended = new Promise((resolve) => client.count.failing(null, { value: () => {}, end: resolve }))
        await expect(ended).resolves.toEqual(coded('store.corrupt'))
      })

      it('serves many streams side by side', async () => {
        const { client } = await open()
        const last = new Map<number, number>()
        for (let stream = 0; stream < 200; stream += 1) {
          client.count.value(null, { value: (value) => last.set(stream, value) })
        }
        await eventually(() => expect(last.size).toBe(200))
        host.counter.set(77)
        await eventually(() => expect([...last.values()].every((value) => value === 77)).toBe(true))
        expect(host.counter.watchers).toBe(200)
      })
    })

    describe('the wire', () => {
      it('when closed by the client ends its watches, and the work goes on', async () => {
        const connection = await open()
        const ends: unknown[] = []
        connection.client.count.value(null, { value: () => {}, end: (error) => ends.push(error) })
        const job = connection.client.slow.job({ name: 'update' })
        await eventually(() => expect(host.counter.watchers).toBe(1))
        await eventually(() => expect(host.isRunning('update')).toBe(true))
        connection.close()
        await expect(job).rejects.toEqual(coded('rpc.closed'))
        expect(ends).toEqual([coded('rpc.closed')])
        await expect(connection.closed).resolves.toBeNull()
        await eventually(() => expect(host.counter.watchers).toBe(0))
        host.finish('update')
        expect(host.finished).toEqual(['update'])
        await expect(connection.client.echo.number(null)).rejects.toEqual(coded('rpc.closed'))
      })

      it('tells the host when a client is gone', async () => {
        const { client, host: end } = await kind.pair()
        const served = serve(end, host.options())
        const connection = await connect(client, { contract: testContract, version: VERSION })
        connection.close()
        await expect(served.closed).resolves.toBeUndefined()
      })

      it('when closed by the host ends everything that waits', async () => {
        const pair = await kind.pair()
        const { client, closed } = await open(pair)
        const job = client.slow.job({ name: 'a' })
        const ended = new Promise((resolve) => client.count.value(null, { value: () => {}, end: resolve }))
        pair.host.close()
        await expect(job).rejects.toEqual(coded('rpc.closed'))
        await expect(ended).resolves.toEqual(coded('rpc.closed'))
        await expect(closed).resolves.toBeNull()
      })

      it('refuses a client of another version with both versions', async () => {
        const { client, host: end } = await kind.pair()
        serve(end, host.options())
        await expect(connect(client, { contract: testContract, version: 6 })).rejects.toEqual(
          coded('rpc.version-mismatch', { host: 7, client: 6 }),
        )
      })

      it('refuses a wrong or missing token, before it says anything of itself', async () => {
        for (const token of ['wrong', undefined]) {
          const { client, host: end } = await kind.pair()
          serve(end, host.options({ checkToken: (given) => given === TOKEN }))
          const opening = connect(client, { contract: testContract, version: 6, ...(token ? { token } : {}) })
          await expect(opening).rejects.toEqual(coded('rpc.unauthorised', { why: 'token' }))
        }
      })

      it('takes the right token', async () => {
        const { client, host: end } = await kind.pair()
        serve(end, host.options({ checkToken: (given) => given === TOKEN }))
        const connection = await connect(client, { contract: testContract, version: VERSION, token: TOKEN })
        await expect(connection.client.echo.number(null)).resolves.toBe(42)
      })

      it('tells why a host could not start', async () => {
        const { client, host: end } = await kind.pair()
        refuseWire(end, new AppError('store.from-the-future', { detail: { found: 9, known: 1 } }).toData())
        await expect(connect(client, { contract: testContract, version: VERSION })).rejects.toEqual(
          coded('store.from-the-future', { found: 9, known: 1 }),
        )
      })

      it('gives up opening when told to', async () => {
        const { client } = await kind.pair()
        const opening = connect(client, { contract: testContract, version: VERSION, signal: AbortSignal.timeout(50) })
        await expect(opening).rejects.toEqual(coded('cancelled'))
      })

      it('serves two clients, and neither can touch the streams of the other', async () => {
        const [first, second] = [await open(), await open()]
        const values: number[] = []
        // Both sides number their streams from 1, so the second's "stop 1" must not reach the first's.
        first.client.count.value(null, { value: (value) => values.push(value) })
        const stop = second.client.count.value(null, { value: () => {} })
        await eventually(() => expect(host.counter.watchers).toBe(2))
        stop()
        await eventually(() => expect(host.counter.watchers).toBe(1))
        host.counter.set(3)
        await eventually(() => expect(values.at(-1)).toBe(3))
        second.close()
        await expect(first.client.echo.number(null)).resolves.toBe(42)
      })
    })

    hostileScenarios(
      () => kind,
      () => host,
    )
  })
}
