import { EventEmitter } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runEntry } from '../../../electron/host/entry-run.ts'
import type { Compose, HostOptions } from '../../../electron/host/host.ts'
import { openWindowShell } from '../../../electron/host/shell/window-shell.ts'
import { serveShell } from '../../../electron/main/shell-service.ts'
import { WritingGuard } from '../../../electron/main/writing-guard.ts'
import { CONTRACT_VERSION, contract } from '../../../shared/contract/index.ts'
import { AppError } from '../../../shared/errors.ts'
import { HostAddress } from '../../../shared/host-address.ts'
import { connect } from '../../../shared/rpc/client.ts'
import { domPortWire, type ElectronPort, electronPortWire } from '../../../shared/rpc/port-wire.ts'
import { eventually } from '../../fixtures/eventually.ts'
import { asElectronPort, FakeElectron } from '../../fixtures/fake-electron.ts'
import { composeFake } from '../../fixtures/fake-host/compose-fake.ts'
import { connectTo } from '../../fixtures/fake-host/process.ts'

let dataDir: string
let electron: FakeElectron
const exits: number[] = []
const told: unknown[] = []
let parent: EventEmitter & { postMessage(message: unknown): void }
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'slipway-entry-'))
  electron = new FakeElectron()
  exits.length = 0
  told.length = 0
  parent = Object.assign(new EventEmitter(), { postMessage: (message: unknown) => void told.push(message) })
})
afterEach(async () => {
  if (told.length > 0 && exits.length === 0) {
    say({ type: 'end' })
    await vi.waitUntil(() => exits.length > 0)
  }
  process.removeAllListeners('uncaughtException')
  rmSync(dataDir, { recursive: true, force: true })
})

const say = (data: unknown, ports: ElectronPort[] = []) => parent.emit('message', { data, ports })

/** What the main process would do: serve the shell on the other end. */
function shellPort(): ElectronPort {
  const { port1, port2 } = new MessageChannel()
  serveShell(asElectronPort(port1) as never, {
    electron: electron.api(),
    platform: 'linux',
    version: '45',
    guard: new WritingGuard(() => {}),
    onUnexpected: () => 'TEST-0001',
  })
  return asElectronPort(port2)
}

function page() {
  const { port1, port2 } = new MessageChannel()
  say({ type: 'page' }, [asElectronPort(port2)])
  return connect(domPortWire(port1), { contract, version: CONTRACT_VERSION })
}

const run = (compose: Compose = (options) => composeFake(options)) => {
  runEntry(parent, { compose, exit: (code) => void exits.push(code), explainMs: 50 })
  say({ type: 'start', dataDir, mode: 'normal' }, [shellPort()])
}

describe('the host under Electron', () => {
  it('serves pages, also those that came before it was up', async () => {
    run()
    const early = page()
    await expect((await early).client.app.info(null)).resolves.toMatchObject({ dataDir })
    expect(told).toEqual([{ type: 'ready' }])
    await expect((await page()).client.app.info(null)).resolves.toMatchObject({ dataDir })
  })

  it('has a door for the command line, and no page on it', async () => {
    run()
    await eventually(() => expect(told).toEqual([{ type: 'ready' }]))
    const address = HostAddress.parse(JSON.parse(readFileSync(join(dataDir, 'run', 'host.json'), 'utf8')))
    const { client, close } = await connectTo(address).then((open) => ({
      client: open.client,
      close: () => open.close(),
    }))
    await expect(client.app.info(null)).resolves.toMatchObject({ dataDir })
    expect((await fetch(`${address.origin}/`)).status).toBe(404)
    close()
  })

  it('tells every page why it could not start, then ends to be started again', async () => {
    run(() => Promise.reject(new AppError('store.from-the-future', { detail: { found: 9, known: 1 } })))
    await expect(page()).rejects.toMatchObject({ code: 'store.from-the-future', detail: { found: 9, known: 1 } })
    expect(told).toEqual([
      { type: 'failed', error: expect.objectContaining({ code: 'store.from-the-future' }) as unknown },
    ])
    await expect(page()).rejects.toMatchObject({ code: 'store.from-the-future' })
    await eventually(() => expect(exits).toEqual([1]))
  })

  it('ends in order when told to', async () => {
    const closed: string[] = []
    run(async (options) => {
      const host = await composeFake(options)
      return { ...host, close: () => Promise.resolve(void closed.push('host')) }
    })
    await eventually(() => expect(told).toHaveLength(1))
    say({ type: 'end' })
    await eventually(() => expect(exits).toEqual([0]))
    expect(closed).toEqual(['host'])
  })

  it('starts once, and ignores what it does not know', async () => {
    run()
    say({ type: 'start', dataDir: '/elsewhere', mode: 'normal' }, [shellPort()])
    for (const message of [null, 'start', { type: 'start' }, { type: 'page' }, { type: 'admin' }]) say(message)
    await eventually(() => expect(told).toEqual([{ type: 'ready' }]))
  })
})

describe("the window's shell as the host sees it", () => {
  const shellOf = async () => {
    let seen: HostOptions | undefined
    run((options) => {
      seen = options
      return composeFake(options)
    })
    await eventually(() => expect(seen).toBeDefined())
    return seen!.shell.shell
  }

  it("puts keys under the operating system's keystore", async () => {
    const shell = await shellOf()
    const { bytes } = await shell.protect({ bytes: 'c2VjcmV0' })
    expect(Buffer.from(bytes, 'base64')[0]).toBe(1)
    await expect(shell.unprotect({ bytes })).resolves.toEqual({ bytes: 'c2VjcmV0' })
  })

  it('falls back to a private file, and still opens each box with the keystore that made it', async () => {
    const shell = await shellOf()
    const byOs = await shell.protect({ bytes: 'c2VjcmV0' })
    electron.keystore.backend = 'basic_text'
    const byFile = await shell.protect({ bytes: 'b3RoZXI=' })
    expect(Buffer.from(byFile.bytes, 'base64')[0]).toBe(2)
    await expect(shell.unprotect(byFile)).resolves.toEqual({ bytes: 'b3RoZXI=' })
    // The keyring is locked today: that is said, not papered over.
    await expect(shell.unprotect(byOs)).rejects.toMatchObject({ code: 'host.no-keystore', detail: { why: 'none' } })
    electron.keystore.backend = 'kwallet6'
    await expect(shell.unprotect(byFile)).resolves.toEqual({ bytes: 'b3RoZXI=' })
    await expect(shell.unprotect(byOs)).resolves.toEqual({ bytes: 'c2VjcmV0' })
    await expect(shell.unprotect({ bytes: 'CQkJ' })).rejects.toMatchObject({ code: 'host.no-keystore' })
  })

  it('knows the plug from the window and follows it', async () => {
    const shell = await shellOf()
    const seen: (boolean | null)[] = []
    const stop = shell.power(null, { value: ({ onMains }) => seen.push(onMains) })
    await eventually(() => expect(seen).toEqual([true]))
    electron.powerMonitor.onBattery = true
    electron.powerMonitor.emit('on-battery')
    await eventually(() => expect(seen.at(-1)).toBe(false))
    stop()
  })

  it('does not wait for ever for a window that does not answer', async () => {
    const { port1, port2 } = new MessageChannel()
    const opening = openWindowShell(electronPortWire(asElectronPort(port2)), dataDir, AbortSignal.timeout(50))
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' })
    port1.close()
  })
})
