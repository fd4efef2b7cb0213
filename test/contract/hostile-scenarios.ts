import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { connect } from '../../shared/rpc/client.ts'
import { serve } from '../../shared/rpc/server.ts'
import { MAX_FRAME_LENGTH } from '../../shared/rpc/wire.ts'
import { coded, type TestHost, testContract, VERSION } from './test-contract.ts'
import type { WireKind } from './wires.ts'

/** What nobody who speaks the contract would send, on every wire alike. */
export function hostileScenarios(kind: () => WireKind, host: () => TestHost): void {
  describe('hostile frames', () => {
    /** Opens by hand, then says `message`; gives what the host said to that and whether it hung up. */
    const say = async (message: unknown, opened = true) => {
      const pair = await kind().pair()
      const silent = !opened && message === undefined
      const { closed: ended } = serve(pair.host, host().options(silent ? { openWithinMs: 300 } : {}))
      const closed = new Promise<boolean>((resolve) => pair.client.onClose(() => resolve(true)))
      const heard = new ReadableStream<unknown>({
        start: (frames) => pair.client.onMessage((text) => frames.enqueue(JSON.parse(text as string))),
      }).getReader()
      if (opened) {
        pair.raw(JSON.stringify({ t: 'open', version: VERSION }))
        expect(await heard.read()).toMatchObject({ value: { t: 'open', version: VERSION } })
      }
      if (message !== undefined) pair.raw(message)
      const { value: frame } = await heard.read()
      // The host that hangs up has done so before its last frame is heard; the other end hears of it in its own time.
      const hungUp = (await Promise.race([ended.then(() => true), sleep(20, false)])) && (await closed)
      return { frame, hungUp }
    }
    const hangsUpWith = (code: string, why?: string) => ({
      frame: { t: 'error', error: coded(code, why ? { why } : {}) },
      hungUp: true,
    })

    it.each([
      ['garbage', '\u0000\u0001{{{', 'not-json'],
      ['nothing', '', 'not-json'],
      ['a JSON value that is no frame', '[1,2,3]', 'not-a-frame'],
      ['an unknown kind of frame', '{"t":"admin","id":1}', 'not-a-frame'],
      ['an extra field', '{"t":"stop","id":1,"admin":true}', 'not-a-frame'],
      ['a fractional id', '{"t":"stop","id":1.5}', 'not-a-frame'],
      ['a negative id', '{"t":"stop","id":-1}', 'not-a-frame'],
      ['an id past what a number can hold', '{"t":"stop","id":9007199254740993}', 'not-a-frame'],
      ['a frame without input', '{"t":"call","id":1,"method":"echo.number"}', 'not-a-frame'],
      ['a polluting frame', '{"t":"stop","__proto__":{"id":1}}', 'not-a-frame'],
      ['a second opening', `{"t":"open","version":${VERSION}}`, 'opened-twice'],
    ])('hangs up on %s', async (_, message, why) => {
      await expect(say(message)).resolves.toEqual(hangsUpWith('rpc.bad-frame', why))
    })

    it('hangs up on bytes', async () => {
      await expect(say(new Uint8Array([1, 2, 3]))).resolves.toEqual(hangsUpWith('rpc.bad-frame', 'not-text'))
    })

    it('hangs up on objects', async () => {
      // A socket makes text of an object before it leaves; a port carries it as it is.
      const why = kind().carriesObjects ? 'not-text' : 'not-json'
      await expect(say({ t: 'stop', id: 1 })).resolves.toEqual(hangsUpWith('rpc.bad-frame', why))
    })

    it('hangs up on an oversized frame', async () => {
      const frame = `{"t":"call","id":1,"method":"echo.text","input":"${'x'.repeat(MAX_FRAME_LENGTH)}"}`
      await expect(say(frame)).resolves.toEqual(hangsUpWith('rpc.too-large'))
    })

    it('takes no call, and nothing large, before the opening', async () => {
      await expect(say('{"t":"call","id":1,"method":"echo.number","input":null}', false)).resolves.toEqual(
        hangsUpWith('rpc.unauthorised', 'not-opened'),
      )
      await expect(say(`{"t":"open","version":1,"token":"${'x'.repeat(2000)}"}`, false)).resolves.toEqual(
        hangsUpWith('rpc.too-large'),
      )
    })

    it('hangs up when nobody opens', async () => {
      await expect(say(undefined, false)).resolves.toEqual(hangsUpWith('rpc.unauthorised', 'no-open-frame'))
    })

    it.each([
      'nowhere.nothing',
      'echo',
      'echo.',
      '.text',
      'echo.text.text',
      '__proto__.toString',
      'constructor.constructor',
      'echo.__proto__',
      'echo.constructor',
      'echo.hasOwnProperty',
      '',
    ])('answers the method %j with a coded error', async (method) => {
      const result = await say(JSON.stringify({ t: 'call', id: 1, method, input: null }))
      expect(result).toEqual({ frame: { t: 'error', id: 1, error: coded('rpc.unknown-method') }, hungUp: false })
    })

    it('keeps polluting names out of an input', async () => {
      const result = await say(
        '{"t":"call","id":1,"method":"echo.text","input":{"text":"a","__proto__":{"admin":true},"constructor":{}}}',
      )
      expect(result).toEqual({ frame: { t: 'done', id: 1, value: { text: 'a' } }, hungUp: false })
      expect(({} as { admin?: boolean }).admin).toBeUndefined()
    })

    it('hangs up on an id that is in use', async () => {
      const pair = await kind().pair()
      serve(pair.host, host().options())
      const heard: unknown[] = []
      const closed = new Promise((resolve) => pair.client.onClose(() => resolve(true)))
      pair.client.onMessage((text) => heard.push(JSON.parse(text as string)))
      pair.raw(JSON.stringify({ t: 'open', version: VERSION }))
      const job = JSON.stringify({ t: 'call', id: 1, method: 'slow.job', input: { name: 'a' } })
      pair.raw(job)
      pair.raw(job)
      await closed
      expect(heard.at(-1)).toEqual({ t: 'error', error: coded('rpc.bad-frame', { why: 'id-in-use' }) })
    })

    it('ignores a stop for a stream that does not exist', async () => {
      const pair = await kind().pair()
      serve(pair.host, host().options())
      const { client } = await connect(pair.client, { contract: testContract, version: VERSION })
      pair.raw('{"t":"stop","id":4711}')
      await expect(client.echo.number(null)).resolves.toBe(42)
    })
  })
}
