import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SHELL_VERSION, shellContract } from '../../../shared/contract/shell.ts'
import { connect } from '../../../shared/rpc/client.ts'
import { electronPortWire } from '../../../shared/rpc/port-wire.ts'
import { eventually } from '../../fixtures/eventually.ts'
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

describe('the shell that the host asks', () => {
  const shellOf = async (child = electron.children[0]!) => {
    const [port] = child.messages[0]!.ports
    const wire = electronPortWire(port!)
    return connect(wire, { contract: shellContract, version: SHELL_VERSION })
  }

  it("keeps secrets under the operating system's keystore, and says when there is none", async () => {
    await stage.start()
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
    await stage.start()
    const { shell } = (await shellOf()).client
    const seen: unknown[] = []
    shell.power(null, { value: (power) => seen.push(power) })
    await eventually(() => expect(seen).toEqual([{ battery: null, onMains: true }]))
    electron.powerMonitor.onBattery = true
    electron.powerMonitor.emit('on-battery')
    await eventually(() => expect(seen.at(-1)).toEqual({ battery: null, onMains: false }))
  })

  it('keeps the laptop awake while a device is written, and no longer than its host lives', async () => {
    await stage.start()
    const { client, close } = await shellOf().then((open) => ({ client: open.client, close: () => open.close() }))
    await client.shell.setWriting({ writing: true })
    await client.shell.setWriting({ writing: true })
    expect(electron.blockers).toBe(1)
    await client.shell.setWriting({ writing: false })
    expect(electron.blockers).toBe(0)
    await client.shell.setWriting({ writing: true })
    close()
    await eventually(() => expect(electron.blockers).toBe(0))
  })

  describe('when somebody closes the window', () => {
    const closeWindow = () => {
      const event = new FakeEvent()
      electron.window.emit('close', event)
      return event
    }
    const ends = async () => {
      const child = electron.children[0]!
      await eventually(() => expect(child.messages.at(-1)?.message).toEqual({ type: 'end' }))
      expect(electron.app.exits).toEqual([])
      child.emit('exit', 0)
      await eventually(() => expect(electron.app.exits).toEqual([0]))
    }

    it('ends the host in order before it goes', async () => {
      await stage.start()
      const { prevented } = closeWindow()
      expect(prevented).toBe(true)
      await expect(ends()).resolves.toBeUndefined()
      expect(electron.questions).toEqual([])
      expect(JSON.parse(readFileSync(join(stage.dataDir, 'window', 'window.json'), 'utf8'))).toEqual({
        bounds: { x: 10, y: 20, width: 1000, height: 700 },
        maximized: false,
      })
    })

    it('asks while a device is written, and stays unless told otherwise', async () => {
      await stage.start()
      const { shell } = (await shellOf()).client
      await shell.setWriting({ writing: true })
      electron.answer = 0
      expect(closeWindow().prevented).toBe(true)
      await eventually(() => expect(electron.questions).toHaveLength(1))
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
      await stage.start()
      const { shell } = (await shellOf()).client
      await shell.setWriting({ writing: true })
      electron.answer = 1
      closeWindow()
      await eventually(() => expect(electron.questions).toHaveLength(1))
      await new Promise((resolve) => setTimeout(resolve, 30))
      expect(electron.app.exits).toEqual([])
      await shell.setWriting({ writing: false })
      await expect(ends()).resolves.toBeUndefined()
    })

    it('asks once, however often it is clicked', async () => {
      await stage.start()
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
      await stage.start()
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
      await stage.start()
      closeWindow()
      await vi.advanceTimersByTimeAsync(60_000)
      expect(electron.children[0]!.killed).toBe(true)
      await vi.advanceTimersByTimeAsync(1)
      expect(electron.app.exits).toEqual([0])
      expect(electron.children).toHaveLength(1)
    })
  })
})
