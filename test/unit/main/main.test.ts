import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PORT_MESSAGE } from '../../../shared/port-message.ts'
import { electronPortWire } from '../../../shared/rpc/port-wire.ts'
import { type FakeElectron, FakeEvent } from '../../fixtures/fake-electron.ts'
import { Stage } from './stage.ts'

let stage: Stage
let electron: FakeElectron
beforeEach(() => {
  stage = new Stage()
  electron = stage.electron
})
afterEach(() => {
  vi.useRealTimers()
  stage.cleanUp()
})

const loadPage = () => electron.contents.emit('did-finish-load')

describe('the order of the start', () => {
  it('puts the guards up before there is anything to guard', async () => {
    await stage.start()
    const order = (what: string) => {
      expect(electron.log).toContain(what)
      return electron.log.indexOf(what)
    }
    // These count only before Electron is ready.
    for (const early of ['sandbox', 'schemes', 'app.on web-contents-created']) {
      expect(order(early)).toBeLessThan(order('waits for ready'))
    }
    for (const before of ['permission request handler', 'request guard', 'app protocol', 'menu', 'fork host.js']) {
      expect(order(before)).toBeLessThan(order('window'))
    }
    expect(electron.window.url).toBe('app://slipway/index.html')
  })

  it('makes nothing at all while Electron is not ready', async () => {
    const starting = stage.main()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(electron.log.at(-1)).toBe('waits for ready')
    electron.app.ready()
    await starting
    expect(electron.log).toContain('window')
  })

  it('leaves the place to the instance that is there', async () => {
    electron.app.first = false
    await stage.main()
    expect(electron.app.exits).toEqual([0])
    expect(electron.children).toEqual([])
    expect(electron.log).not.toContain('window')
  })

  it('comes to the front when somebody starts it a second time', async () => {
    await stage.start()
    electron.app.emit('second-instance')
    expect(electron.window.calls).toEqual(['restore', 'show', 'focus'])
  })

  it('keeps what Chromium stores in the console folder, for its owner alone', async () => {
    await stage.start()
    expect(electron.app.paths.userData).toBe(join(stage.dataDir, 'window'))
    expect(statSync(join(stage.dataDir, 'window')).mode & 0o777).toBe(0o700)
  })
})

describe('the cage of the page', () => {
  it('has no way out', async () => {
    await stage.start()
    expect(electron.windowOptions.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      devTools: false,
      preload: join(stage.root, 'preload', 'preload.cjs'),
    })
    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
      const attempt = new FakeEvent()
      electron.contents.emit(event, attempt, 'https://evil.example')
      expect({ event, prevented: attempt.prevented }).toEqual({ event, prevented: true })
    }
    expect(electron.contents.windowOpenHandler?.({ url: 'https://evil.example' })).toEqual({ action: 'deny' })
  })

  it('gets no permission, no device and no network', async () => {
    await stage.start()
    let granted: boolean | undefined
    const ask = electron.permissions.request as unknown as (a: null, b: string, c: (ok: boolean) => void) => void
    ask(null, 'media', (ok) => {
      granted = ok
    })
    expect(granted).toBe(false)
    expect(electron.permissions.check?.()).toBe(false)
    expect(electron.permissions.device?.()).toBe(false)
    expect(electron.log).toContain('spell checker false')
    const cancelled = (url: string) => {
      let verdict: boolean | undefined
      electron.beforeRequest?.({ url }, ({ cancel }) => {
        verdict = cancel
      })
      return verdict
    }
    for (const url of [
      'https://evil.example/',
      'http://127.0.0.1:80/',
      'ws://127.0.0.1:80/',
      'file:///etc/passwd',
      'x',
    ]) {
      expect({ url, cancelled: cancelled(url) }).toEqual({ url, cancelled: true })
    }
    for (const url of ['app://slipway/index.html', 'data:image/png;base64,AA==', 'blob:app://slipway/1']) {
      expect({ url, cancelled: cancelled(url) }).toEqual({ url, cancelled: false })
    }
  })

  it('opens to the development server alone, and only when there is one', async () => {
    await stage.start('http://localhost:5173/')
    expect(electron.window.url).toBe('http://localhost:5173/')
    expect(electron.handler).toBeUndefined()
    const verdicts = ['http://localhost:5173/x', 'ws://localhost:5173/', 'http://localhost:5174/'].map((url) => {
      let verdict: boolean | undefined
      electron.beforeRequest?.({ url }, ({ cancel }) => {
        verdict = cancel
      })
      return verdict
    })
    expect(verdicts).toEqual([false, false, true])
  })

  it('serves its own files under a policy, and nothing else', async () => {
    await stage.start()
    const get = async (url: string, method = 'GET') => {
      const response = await electron.handler!({ url, method })
      return { status: response.status, type: response.headers.get('content-type'), body: await response.text() }
    }
    expect(await get('app://slipway/index.html')).toEqual({
      status: 200,
      type: 'text/html; charset=utf-8',
      body: '<!doctype html>',
    })
    expect(await get('app://slipway/assets/a.js?x=1')).toMatchObject({ status: 200 })
    const policy = (await electron.handler!({ url: 'app://slipway/index.html', method: 'GET' })).headers
    expect(policy.get('content-security-policy')).toContain("connect-src 'none'")
    for (const url of [
      'app://other/index.html',
      'app://slipway/../data/window.json',
      'app://slipway/%2e%2e/main/index.js',
      'app://slipway/..%2fmain%2findex.js',
      'app://slipway/assets',
      'app://slipway/',
    ]) {
      expect({ url, ...(await get(url)) }).toMatchObject({ url, status: 404, body: '' })
    }
    expect(await get('app://slipway/index.html', 'POST')).toMatchObject({ status: 404 })
  })
})

describe('the host and the page', () => {
  it('get a channel of their own once both are there, whichever comes first', async () => {
    const child = await stage.start()
    expect(child.messages.map(({ message }) => message)).toEqual([
      { type: 'start', dataDir: stage.dataDir, mode: 'normal' },
    ])
    loadPage()
    expect(electron.contents.posted).toEqual([])
    child.emit('message', { type: 'ready' })
    expect(electron.contents.posted.map(({ channel }) => channel)).toEqual([PORT_MESSAGE])
    expect(child.messages.at(-1)?.message).toEqual({ type: 'page' })

    // What one end says arrives at the other: nothing in between.
    const [pagePort] = electron.contents.posted[0]!.ports
    const [hostPort] = child.messages.at(-1)!.ports
    const heard = new Promise((resolve) => electronPortWire(hostPort!).onMessage(resolve))
    electronPortWire(pagePort!).send('hello')
    await expect(heard).resolves.toBe('hello')
  })

  it('get a new channel for each page that is loaded', async () => {
    const child = await stage.start()
    child.emit('message', { type: 'ready' })
    expect(electron.contents.posted).toHaveLength(0)
    loadPage()
    electron.contents.emit('did-start-loading')
    loadPage()
    expect(electron.contents.posted).toHaveLength(2)
  })

  it('also when the host can only say why it does not start', async () => {
    const child = await stage.start()
    loadPage()
    child.emit('message', { type: 'failed', error: { code: 'store.corrupt', retry: 'after-fix', detail: {} } })
    expect(electron.contents.posted).toHaveLength(1)
  })

  it('a host that says something else is not listened to', async () => {
    const child = await stage.start()
    loadPage()
    for (const message of [null, 'ready', { type: 'admin' }, { type: 'ready', more: 1 }]) child.emit('message', message)
    expect(electron.contents.posted).toEqual([])
  })

  it('a host that ends is started again with a growing pause, and the page gets its new port', async () => {
    vi.useFakeTimers()
    await stage.start()
    loadPage()
    electron.children[0]!.emit('message', { type: 'ready' })
    const waits = [500, 1000, 2000, 5000, 10_000, 30_000, 30_000]
    for (const [index, wait] of waits.entries()) {
      electron.children[index]!.emit('exit', 1)
      await vi.advanceTimersByTimeAsync(wait - 1)
      expect(electron.children).toHaveLength(index + 1)
      await vi.advanceTimersByTimeAsync(1)
      expect(electron.children).toHaveLength(index + 2)
    }
    expect(electron.contents.posted).toHaveLength(1)
    electron.children.at(-1)!.emit('message', { type: 'ready' })
    expect(electron.contents.posted).toHaveLength(2)
    // One that ran well for a minute starts the count anew.
    await vi.advanceTimersByTimeAsync(61_000)
    electron.children.at(-1)!.emit('exit', 1)
    await vi.advanceTimersByTimeAsync(500)
    expect(electron.children).toHaveLength(waits.length + 2)
  })

  it('a page whose process died is loaded again', async () => {
    await stage.start()
    electron.contents.emit('render-process-gone', new FakeEvent(), { reason: 'crashed' })
    electron.contents.emit('render-process-gone', new FakeEvent(), { reason: 'clean-exit' })
    expect(electron.contents.reloads).toBe(1)
  })
})
