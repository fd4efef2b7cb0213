import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'

/** Datagrams as they pass: how often each arrives. 0: it is lost, 2: twice. */
export type Passing = (way: 'to-console' | 'to-device', payload: Buffer) => number

/** A network cable between an emulated machine and this one, for a device that is not root's. */
export interface Cable {
  /** What QEMU is told. */
  readonly qemu: readonly string[]
  /** Where datagrams to port 69 go, for nobody here may open that. */
  port69: number
  passing: Passing
  /** Datagrams by way, for tests that count them. */
  readonly passed: { 'to-console': number; 'to-device': number }
  /** Lets this machine ask a port of the device, at the device's own address. */
  reach(device: string, port: number): Promise<void>
  close(): Promise<void>
}

const OUR_MAC = Buffer.from([2, 0, 0, 0, 0, 1])
const ETHER = { header: 14, ipv4: 0x0800, arp: 0x0806 } as const
const IP = { header: 20, udp: 17 } as const
const UDP_HEADER = 8
const LOOPBACK = '127.0.0.1'
/** QEMU's first network card. */
const QEMU_MAC = Buffer.from([0x52, 0x54, 0, 0x12, 0x34, 0x56])

/**
 * Ethernet frames come from QEMU as datagrams; the UDP inside them goes on from a socket that has the device's own
 * address, so that the console sees the device as it would in the field. Whoever asks for an address (ARP) gets ours.
 */
export async function openCable(): Promise<Cable> {
  const frames = createSocket('udp4').bind(0, LOOPBACK)
  const reserved = createSocket('udp4').bind(0, LOOPBACK)
  await Promise.all([once(frames, 'listening'), once(reserved, 'listening')])
  const qemuPort = reserved.address().port
  reserved.close()
  const sockets = new Map<string, Socket>()
  const cable: Cable = {
    qemu: [
      '-netdev',
      `socket,id=n0,udp=${LOOPBACK}:${frames.address().port},localaddr=${LOOPBACK}:${qemuPort}`,
      '-device',
      'virtio-net-pci,netdev=n0,romfile=',
    ],
    port69: 69,
    passing: () => 1,
    passed: { 'to-console': 0, 'to-device': 0 },
    reach: async (device, port) => {
      await once(bind(device, port, QEMU_MAC), 'listening')
    },
    close: async () => {
      for (const socket of [frames, ...sockets.values()]) socket.close()
    },
  }
  const pass = (way: 'to-console' | 'to-device', payload: Buffer, send: () => void) => {
    cable.passed[way] += 1
    for (let copies = cable.passing(way, payload); copies > 0; copies -= 1) send()
  }
  /** A port of the device as this machine sees it. */
  const bind = (device: string, port: number, mac: Buffer): Socket => {
    const socket = createSocket('udp4').bind(port, device)
    sockets.set(`${device}:${port}`, socket)
    socket.on('error', () => {})
    socket.on('message', (payload, from) => {
      const seen = from.port === cable.port69 ? 69 : from.port
      pass('to-device', payload, () => toDevice(frameOf(mac, [from.address, seen], [device, port], payload)))
    })
    return socket
  }
  const toDevice = (frame: Buffer) => frames.send(frame, qemuPort, LOOPBACK)

  frames.on('message', (frame) => {
    const [mac, kind, body] = [frame.subarray(6, 12), frame.readUInt16BE(12), frame.subarray(ETHER.header)]
    if (kind === ETHER.arp && body.readUInt16BE(6) === 1) {
      toDevice(arpAnswer(Buffer.from(mac), body))
      return
    }
    if (kind !== ETHER.ipv4 || body[9] !== IP.udp || body.readUInt32BE(16) === 0xffff_ffff) return
    const segment = body.subarray(((body[0] ?? 0) & 15) * 4, body.readUInt16BE(2))
    const [device, server] = [addressAt(body, 12), addressAt(body, 16)]
    const [from, to] = [segment.readUInt16BE(0), segment.readUInt16BE(2)]
    const payload = segment.subarray(UDP_HEADER, segment.readUInt16BE(4))
    const out = sockets.get(`${device}:${from}`) ?? bind(device, from, Buffer.from(mac))
    pass('to-console', payload, () => out.send(payload, to === 69 ? cable.port69 : to, server))
  })
  return cable
}

function addressAt(bytes: Buffer, at: number): string {
  return [...bytes.subarray(at, at + 4)].join('.')
}

const octets = (address: string) => Buffer.from(address.split('.').map(Number))

/** RFC 826: we are whoever is asked for. */
function arpAnswer(mac: Buffer, request: Buffer): Buffer {
  const [asker, asked] = [request.subarray(14, 18), request.subarray(24, 28)]
  const head = Buffer.from([0, 1, 8, 0, 6, 4, 0, 2])
  return Buffer.concat([mac, OUR_MAC, Buffer.from([8, 6]), head, OUR_MAC, asked, mac, asker])
}

/** RFC 791, RFC 768. A UDP checksum of zero says that there is none. */
function frameOf(mac: Buffer, from: readonly [string, number], to: readonly [string, number], payload: Buffer): Buffer {
  const udp = Buffer.alloc(UDP_HEADER)
  udp.writeUInt16BE(from[1], 0)
  udp.writeUInt16BE(to[1], 2)
  udp.writeUInt16BE(UDP_HEADER + payload.length, 4)
  const ip = Buffer.alloc(IP.header)
  ip.set([0x45, 0], 0)
  ip.writeUInt16BE(IP.header + udp.length + payload.length, 2)
  ip.set([64, IP.udp], 8)
  ip.set(octets(from[0]), 12)
  ip.set(octets(to[0]), 16)
  let sum = 0
  for (let at = 0; at < ip.length; at += 2) sum += ip.readUInt16BE(at)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16)
  ip.writeUInt16BE(~sum & 0xffff, 10)
  return Buffer.concat([mac, OUR_MAC, Buffer.from([8, 0]), ip, udp, payload])
}
