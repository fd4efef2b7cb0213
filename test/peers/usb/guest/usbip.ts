import { readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { type Peripheral, parseSetup } from '../../../../electron/sim/usb/setup.ts'
import type { Endpoints } from './acm-device.ts'

/** USB/IP (protocol 1.1.1), the device's side: one simulated device on the bus of this machine's kernel. */

const VHCI = '/sys/devices/platform/vhci_hcd.0'
const HEADER = 48
const SUBMIT = 1
const UNLINK = 2
const RET_SUBMIT = 3
const RET_UNLINK = 4
const FULL_SPEED = 2
const EPIPE = -32
const ECONNRESET = -104

function header(command: number, sequence: number, status: number, length: number): Buffer {
  const bytes = Buffer.alloc(HEADER)
  bytes.writeUInt32BE(command, 0)
  bytes.writeUInt32BE(sequence, 4)
  bytes.writeInt32BE(status, 20)
  bytes.writeUInt32BE(length, 24)
  return bytes
}

type UsbDevice = Peripheral & Partial<Endpoints>

/** Serves the kernel's requests to one device until the socket ends. */
function serve(socket: Socket, device: UsbDevice): void {
  let buffer = Buffer.alloc(0)
  /** Requests without an answer yet, by how the kernel takes them back. */
  const unanswered = new Map<number, () => void>()
  socket.on('error', () => {})
  socket.on('data', (part) => {
    buffer = buffer.length > 0 ? Buffer.concat([buffer, part]) : part
    while (buffer.length >= HEADER) {
      const [command, sequence] = [buffer.readUInt32BE(0), buffer.readUInt32BE(4)]
      const [toHost, endpoint] = [buffer.readUInt32BE(12) === 1, buffer.readUInt32BE(16)]
      if (command === UNLINK) {
        const unlinked = buffer.readUInt32BE(20)
        const status = unanswered.has(unlinked) ? ECONNRESET : 0
        unanswered.get(unlinked)?.()
        unanswered.delete(unlinked)
        buffer = buffer.subarray(HEADER)
        socket.write(header(RET_UNLINK, sequence, status, 0))
        continue
      }
      const length = buffer.readUInt32BE(24)
      const whole = HEADER + (toHost ? 0 : length)
      if (command !== SUBMIT || buffer.length < whole) {
        if (command !== SUBMIT) socket.destroy()
        return
      }
      const setup = parseSetup(buffer.subarray(40, HEADER))
      const data = new Uint8Array(buffer.subarray(HEADER, whole))
      buffer = buffer.subarray(whole)
      if (endpoint !== 0) {
        if (toHost) {
          const give = (bytes: Uint8Array) => {
            unanswered.delete(sequence)
            socket.write(Buffer.concat([header(RET_SUBMIT, sequence, 0, bytes.length), bytes]))
          }
          unanswered.set(sequence, () => {})
          const takeBack = device.asked?.(endpoint, length, give)
          if (takeBack && unanswered.has(sequence)) unanswered.set(sequence, takeBack)
        } else {
          device.received?.(endpoint, data)
          socket.write(header(RET_SUBMIT, sequence, 0, data.length))
        }
        continue
      }
      const answer = setup ? device.control(setup, data) : 'stall'
      if (answer === 'mute') unanswered.set(sequence, () => {})
      else if (answer === 'stall') socket.write(header(RET_SUBMIT, sequence, EPIPE, 0))
      else if (toHost) socket.write(Buffer.concat([header(RET_SUBMIT, sequence, 0, answer.length), answer]))
      else socket.write(header(RET_SUBMIT, sequence, 0, data.length))
    }
  })
}

function freePort(): string {
  // hub port sta spd dev sockfd local_busid; 004: nothing is plugged in there.
  const free = readFileSync(`${VHCI}/status`, 'latin1')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([hub, , state]) => hub === 'hs' && state === '004')
  if (!free?.[1]) throw new Error('no free USB port')
  return free[1]
}

let plugs = 1

/** Plugs a device in: the kernel gets one end of a socket. Returns how to pull it out. */
export async function plugIn(device: UsbDevice): Promise<() => void> {
  plugs += 1
  const path = `\0slipway-usb-${process.pid}-${plugs}`
  const accepted = Promise.withResolvers<Socket>()
  const server = createServer((socket) => accepted.resolve(socket))
  await new Promise<void>((resolve) => server.listen(path, resolve))
  const end = connect(path)
  await new Promise<void>((resolve, reject) => end.once('connect', resolve).once('error', reject))
  const mine = await accepted.promise
  serve(mine, device)
  end.pause()
  // Node names the descriptor of a socket nowhere else.
  const { fd } = Reflect.get(end, '_handle') as { readonly fd: number }
  writeFileSync(`${VHCI}/attach`, `${freePort()} ${fd} ${(1 << 16) | plugs} ${FULL_SPEED}`)
  // The kernel holds the socket by itself now.
  end.destroy()
  server.close()
  return () => mine.destroy()
}
