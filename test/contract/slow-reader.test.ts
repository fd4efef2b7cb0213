import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket as NodeSocket, WebSocketServer } from 'ws'
import { wsWire } from '../../electron/host/http/ws-wire.ts'
import { serve } from '../../shared/rpc/server.ts'
import { openSocketWire } from '../../shared/rpc/socket-wire.ts'
import type { Wire } from '../../shared/rpc/wire.ts'
import { eventually } from '../fixtures/eventually.ts'
import { TestHost, VERSION } from './test-contract.ts'

describe('a reader that does not read', () => {
  const host = new TestHost()
  let wire: Wire
  let cleanUp: () => void

  const start = async () => {
    const http = createServer()
    const sockets = new WebSocketServer({ server: http })
    sockets.on('connection', (socket) => {
      wire = wsWire(socket)
      serve(wire, host.options())
    })
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    const socket = new NodeSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}/`)
    cleanUp = () => {
      socket.terminate()
      sockets.close()
      http.close()
    }
    await once(socket, 'open')
    socket.send(JSON.stringify({ t: 'open', version: VERSION }))
    await once(socket, 'message')
    socket.pause()
    return socket
  }
  afterEach(() => cleanUp())

  it('gets values held back, and the latest once it reads again', async () => {
    const socket = await start()
    const backlog = () => wire.backlog?.() ?? 0
    socket.send(JSON.stringify({ t: 'call', id: 1, method: 'count.big', input: null }))
    // More than the operating system buffers on its own.
    let peak = 0
    for (let round = 0; round < 30; round += 1) {
      host.big.set(String(round).padStart(2_000_000, '.'))
      await new Promise((resolve) => setTimeout(resolve, 110))
      peak = Math.max(peak, backlog())
    }
    expect(peak).toBeGreaterThan(1_000_000)
    expect(peak).toBeLessThan(6_000_000)
    const readsWhileStuck = host.big.reads
    expect(readsWhileStuck).toBeLessThan(25)

    let last = ''
    socket.on('message', (data: Buffer) => {
      last = (JSON.parse(data.toString()) as { value: string }).value.slice(-2)
    })
    socket.resume()
    await eventually(() => expect(last).toBe('29'))
  })

  it('is hung up on when it asks for ever more', async () => {
    const socket = await start()
    const closed = new Promise((resolve) => wire.onClose(() => resolve('closed')))
    // Each refusal is small, but nobody reads them.
    const bad = (id: number) => JSON.stringify({ t: 'call', id, method: 'x'.repeat(100), input: null })
    let id = 1
    const flood = setInterval(() => {
      for (let n = 0; n < 5000; n += 1) socket.send(bad(id++))
    }, 5)
    await expect(closed).resolves.toBe('closed')
    clearInterval(flood)
  })
})

describe('a client socket', () => {
  it('says that no host is there', async () => {
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const { port } = probe.address() as AddressInfo
    probe.close()
    await once(probe, 'close')
    await expect(openSocketWire(new WebSocket(`ws://127.0.0.1:${port}/rpc`))).rejects.toMatchObject({
      code: 'host.unavailable',
    })
  })

  it('stops waiting for a host that takes the connection and says nothing', async () => {
    const mute = createServer()
    mute.on('connection', (socket) => socket.on('error', () => {}))
    mute.on('upgrade', () => {})
    mute.listen(0, '127.0.0.1')
    await once(mute, 'listening')
    const { port } = mute.address() as AddressInfo
    const opening = openSocketWire(new WebSocket(`ws://127.0.0.1:${port}/rpc`), AbortSignal.timeout(80))
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' })
    mute.closeAllConnections()
    mute.close()
  })
})
