import { createSocket, type Socket } from 'node:dgram'
import { afterEach, expect, test } from 'vitest'
import type { DatagramLink } from '../../../electron/host/link/link.ts'
import { udpOpener } from '../../../electron/host/link/udp.ts'
import { within } from '../../../electron/host/link/waiting.ts'

const never = new AbortController().signal
const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close()
})

async function bind(): Promise<{ socket: Socket; port: number }> {
  const socket = createSocket('udp4')
  sockets.push(socket)
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return { socket, port: socket.address().port }
}

const open = async (port: number) => (await udpOpener().open(`udp://127.0.0.1:${port}`, {}, never)) as DatagramLink

test('datagrams go there and back, each whole', async () => {
  const { socket, port } = await bind()
  socket.on('message', (bytes, from) => socket.send(Buffer.concat([bytes, bytes]), from.port, from.address))
  const link = await open(port)
  expect(link.maxPayload).toBe(1472)
  await link.send(Uint8Array.of(1, 2), never)
  expect([...(await link.receive(never))]).toEqual([1, 2, 1, 2])
  await link.close()
  await expect(link.receive(never)).rejects.toMatchObject({ code: 'link.lost' })
  await expect(link.send(Uint8Array.of(1), never)).rejects.toMatchObject({ code: 'link.lost' })
})

test('what a stranger sends is not received', async () => {
  const [device, stranger] = [await bind(), await bind()]
  const ours = new Promise<number>((resolve) => device.socket.once('message', (_, from) => resolve(from.port)))
  const link = await open(device.port)
  await link.send(Uint8Array.of(9), never)
  const port = await ours
  stranger.socket.send(Uint8Array.of(66), port, '127.0.0.1')
  device.socket.send(Uint8Array.of(1), port, '127.0.0.1')
  expect([...(await link.receive(never))]).toEqual([1])
  await link.close()
})

test('a peer that is not there is silence, not an error', async () => {
  const { socket, port } = await bind()
  socket.close()
  sockets.splice(sockets.indexOf(socket), 1)
  const link = await open(port)
  for (let i = 0; i < 3; i += 1) await link.send(Uint8Array.of(1), never)
  await expect(within(50, 'link.timeout', never, (signal) => link.receive(signal))).rejects.toMatchObject({
    code: 'link.timeout',
  })
  await link.close()
})

test('a host name nobody knows is link.not-found', async () => {
  await expect(udpOpener().open('udp://nobody.invalid:1', {}, never)).rejects.toMatchObject({ code: 'link.not-found' })
})
