import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startMain } from '../../../electron/main/main.ts'
import { SHELL_VERSION, shellContract } from '../../../shared/contract/shell.ts'
import { PORT_MESSAGE } from '../../../shared/port-message.ts'
import { connect } from '../../../shared/rpc/client.ts'
import { electronPortWire } from '../../../shared/rpc/port-wire.ts'
import { FakeElectron, FakeEvent } from '../../fixtures/fake-electron.ts'

let root: string
let electron: FakeElectron
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-main-'))
  mkdirSync(join(root, 'renderer', 'assets'), { recursive: true })
  writeFileSync(join(root, 'renderer', 'index.html'), '<!doctype html>')
  writeFileSync(join(root, 'renderer', 'assets', 'a.js'), 'export {}')
  electron = new FakeElectron()
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(root, { recursive: true, force: true })
})

const options = (more: object = {}) => ({
  folder: join(root, 'main'),
  dataDir: join(root, 'data'),
  mode: 'normal' as const,
  platform: 'linux' as const,
  electronVersion: '45.3.4',
  devUrl: null,
  onUnexpected: () => 'TEST-0001',
  ...more,
})
const start = async (more: object = {}) => {
  electron.app.ready()
  await startMain(electron.api(), options(more))
  return electron.children[0]!
}
const loadPage = () => electron.contents.emit('did-finish-load')

describe('the order of the start', () => {
  it('puts the guards up before there is anything to guard', async () => {
    await start()
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
    const starting = startMain(electron.api(), options())
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(electron.log.at(-1)).toBe('waits for ready')
    electron.app.ready()
    await starting
    expect(electron.log).toContain('window')
  })

  it('leaves the place to the instance that is there', async () => {
    electron.app.first = false
    await startMain(electron.api(), options())
    expect(electron.app.exits).toEqual([0])
    expect(electron.children).toEqual([])
    expect(electron.log).not.toContain('window')
  })

  it('comes to the front when somebody starts it a second time', async () => {
    await start()
    electron.app.emit('second-instance')
    expect(electron.window.calls).toEqual(['restore', 'show', 'focus'])
  })

  it('keeps what Chromium stores in the console folder, for its owner alone', async () => {
    await start()
    expect(electron.app.paths.userData).toBe(join(root, 'data', 'window'))
    expect(statSync(join(root, 'data', 'window')).mode & 0o777).toBe(0o700)
  })
})

describe('the cage of the page', () => {
  it('has no way out', async () => {
    await start()
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
      preload: join(root, 'preload', 'preload.cjs'),
    })
    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
      const attempt = new FakeEvent()
      electron.contents.emit(event, attempt, 'https://evil.example')
      expect({ event, prevented: attempt.prevented }).toEqual({ event, prevented: true })
    }
    expect(electron.contents.windowOpenHandler?.({ url: 'https://evil.example' })).toEqual({ action: 'deny' })
  })

  it('gets no permission, no device and no network', async () => {
    await start()
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
    await start({ devUrl: 'http://localhost:5173/' })
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
    await start()
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
    const child = await start()
    expect(child.messages.map(({ message }) => message)).toEqual([
      { type: 'start', dataDir: join(root, 'data'), mode: 'normal' },
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
    const child = await start()
    child.emit('message', { type: 'ready' })
    expect(electron.contents.posted).toHaveLength(0)
    loadPage()
    electron.contents.emit('did-start-loading')
    loadPage()
    expect(electron.contents.posted).toHaveLength(2)
  })

  it('also when the host can only say why it does not start', async () => {
    const child = await start()
    loadPage()
    child.emit('message', { type: 'failed', error: { code: 'store.corrupt', retry: 'after-fix', detail: {} } })
    expect(electron.contents.posted).toHaveLength(1)
  })

  it('a host that says something else is not listened to', async () => {
    const child = await start()
    loadPage()
    for (const message of [null, 'ready', { type: 'admin' }, { type: 'ready', more: 1 }]) child.emit('message', message)
    expect(electron.contents.posted).toEqual([])
  })

  it('a host that ends is started again with a growing pause, and the page gets its new port', async () => {
    vi.useFakeTimers()
    await start()
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
    await start()
    electron.contents.emit('render-process-gone', new FakeEvent(), { reason: 'crashed' })
    electron.contents.emit('render-process-gone', new FakeEvent(), { reason: 'clean-exit' })
    expect(electron.contents.reloads).toBe(1)
  })
})

describe('the shell that the host asks', () => {
  const shellOf = async (child = electron.children[0]!) => {
    const [port] = child.messages[0]!.ports
    const wire = electronPortWire(port!)
    return connect(wire, { contract: shellContract, version: SHELL_VERSION })
  }

  it("keeps secrets under the operating system's keystore, and says when there is none", async () => {
    await start()
    const { shell } = (await shellOf()).client
    await expect(shell.info(null)).resolves.toEqual({ keystore: 'os', electron: '45.3.4' })
    const { bytes } = await shell.protect({ bytes: 'c2VjcmV0' })
    expect(bytes).not.toBe('c2VjcmV0')
    await expect(shell.unprotect({ bytes })).resolves.toEqual({ bytes: 'c2VjcmV0' })
    await expect(shell.unprotect({ bytes: 'AAAA' })).rejects.toMatchObject({ code: 'host.no-keystore' })

    // Linux without a keyring: a password that everybody knows is no keystore.
    electron.keystore.backend = 'basic_text'
    await expect(shell.info(null)).resolves.toMatchObject({ keystore: 'file' })
    await expect(shell.protect({ bytes: 'c2VjcmV0' })).rejects.toMatchObject({ code: 'host.no-keystore' })
    await expect(shell.unprotect({ bytes })).rejects.toMatchObject({ code: 'host.no-keystore' })
  })

  it('tells the plug, and each change of it', async () => {
    await start()
    const { shell } = (await shellOf()).client
    const seen: unknown[] = []
    shell.power(null, { value: (power) => seen.push(power) })
    await vi.waitFor(() => expect(seen).toEqual([{ battery: null, onMains: true }]))
    electron.powerMonitor.onBattery = true
    electron.powerMonitor.emit('on-battery')
    await vi.waitFor(() => expect(seen.at(-1)).toEqual({ battery: null, onMains: false }))
  })

  it('keeps the laptop awake while a device is written, and no longer than its host lives', async () => {
    await start()
    const { client, close } = await shellOf().then((open) => ({ client: open.client, close: () => open.close() }))
    await client.shell.setWriting({ writing: true })
    await client.shell.setWriting({ writing: true })
    expect(electron.blockers).toBe(1)
    await client.shell.setWriting({ writing: false })
    expect(electron.blockers).toBe(0)
    await client.shell.setWriting({ writing: true })
    close()
    await vi.waitFor(() => expect(electron.blockers).toBe(0))
  })

  describe('when somebody closes the window', () => {
    const closeWindow = () => {
      const event = new FakeEvent()
      electron.window.emit('close', event)
      return event
    }
    const ends = async () => {
      const child = electron.children[0]!
      await vi.waitFor(() => expect(child.messages.at(-1)?.message).toEqual({ type: 'end' }))
      expect(electron.app.exits).toEqual([])
      child.emit('exit', 0)
      await vi.waitFor(() => expect(electron.app.exits).toEqual([0]))
    }

    it('ends the host in order before it goes', async () => {
      await start()
      const { prevented } = closeWindow()
      expect(prevented).toBe(true)
      await expect(ends()).resolves.toBeUndefined()
      expect(electron.questions).toEqual([])
      expect(JSON.parse(readFileSync(join(root, 'data', 'window', 'window.json'), 'utf8'))).toEqual({
        bounds: { x: 10, y: 20, width: 1000, height: 700 },
        maximized: false,
      })
    })

    it('asks while a device is written, and stays unless told otherwise', async () => {
      await start()
      const { shell } = (await shellOf()).client
      await shell.setWriting({ writing: true })
      electron.answer = 0
      expect(closeWindow().prevented).toBe(true)
      await vi.waitFor(() => expect(electron.questions).toHaveLength(1))
      expect(electron.questions[0]).toMatchObject({
        message: 'En enhet blir skrevet til nå',
        defaultId: 0,
        cancelId: 0,
      })
      await new Promise((resolve) => setTimeout(resolve, 30))
      expect(electron.children[0]!.messages).toHaveLength(1)
      expect(electron.app.exits).toEqual([])
    })

    it('waits until the device is safe, and goes then', async () => {
      await start()
      const { shell } = (await shellOf()).client
      await shell.setWriting({ writing: true })
      electron.answer = 1
      closeWindow()
      await vi.waitFor(() => expect(electron.questions).toHaveLength(1))
      await new Promise((resolve) => setTimeout(resolve, 30))
      expect(electron.app.exits).toEqual([])
      await shell.setWriting({ writing: false })
      await expect(ends()).resolves.toBeUndefined()
    })

    it('asks once, however often it is clicked', async () => {
      await start()
      const { shell } = (await shellOf()).client
      await shell.setWriting({ writing: true })
      electron.answer = new Promise(() => {})
      closeWindow()
      closeWindow()
      electron.app.emit('before-quit', new FakeEvent())
      await new Promise((resolve) => setTimeout(resolve, 20))
      expect(electron.questions).toHaveLength(1)
    })

    it('holds up a shutdown of the laptop while a device is written', async () => {
      await start()
      const { shell } = (await shellOf()).client
      await shell.setWriting({ writing: true })
      const event = new FakeEvent()
      electron.powerMonitor.emit('shutdown', event)
      expect(event.prevented).toBe(true)
      await shell.setWriting({ writing: false })
      await expect(ends()).resolves.toBeUndefined()
    })

    it('kills a host that does not come to an end', async () => {
      vi.useFakeTimers()
      await start()
      closeWindow()
      await vi.advanceTimersByTimeAsync(60_000)
      expect(electron.children[0]!.killed).toBe(true)
      await vi.advanceTimersByTimeAsync(1)
      expect(electron.app.exits).toEqual([0])
      expect(electron.children).toHaveLength(1)
    })
  })
})
