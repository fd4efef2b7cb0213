import { connect } from 'node:net'
import { ConsoleDecoder } from '../../../electron/host/protocol/smp/console-framing.ts'
import { GROUP, OP, splitPacket } from '../../../electron/host/protocol/smp/packet.ts'
import { openPty } from '../../../electron/sim/pty.ts'

/** A serial cable from a pseudo-terminal to the socket of an emulated UART. */
interface Cable {
  /** Path of the console's end. */
  readonly path: string
  close(): Promise<void>
}

const RESET = 5
const START_MS = 60_000
/** What the application prints when it has its UART in hand. */
const RUNS = /build time/

/**
 * `isDeaf`: what is sent to a processor in reset is lost, as on a real line, and the cable is there when the
 * application runs. The emulated nRF51 would keep it for later, and then its UART never says again that something came.
 */
export async function openCable(dir: string, socketPath: string, isDeaf: boolean): Promise<Cable> {
  const pty = await openPty(dir, 'uart')
  const socket = connect(socketPath)
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  const decoder = new ConsoleDecoder()
  const over = new AbortController()
  const { signal } = over
  let isInReset = isDeaf
  const runs = Promise.withResolvers<void>()
  socket.on('data', (bytes: Buffer) => {
    const { packets, text } = decoder.push(bytes)
    if (isDeaf && packets.some(isReset)) isInReset = true
    if (text.some((line) => RUNS.test(line))) {
      isInReset = false
      runs.resolve()
    }
    pty.device.write(new Uint8Array(bytes), signal).catch(() => {})
  })
  socket.on('error', () => {})
  runs.promise.catch(() => {})
  socket.on('close', () => runs.reject(new Error('the emulated board is gone')))
  const carry = async () => {
    for (;;) {
      const bytes = await pty.device.read(signal)
      if (!isInReset) socket.write(bytes)
    }
  }
  void carry().catch(() => {})
  const close = async () => {
    over.abort()
    socket.destroy()
    await pty.close()
  }
  // The other board prints on a second UART.
  const patience = setTimeout(() => runs.reject(new Error('the emulated board does not start')), START_MS)
  try {
    if (isDeaf) await runs.promise
  } catch (error) {
    await close()
    throw error
  } finally {
    clearTimeout(patience)
  }
  return { path: pty.path, close }
}

function isReset(packet: Uint8Array): boolean {
  const header = splitPacket(packet)?.header
  return header?.op === OP.writeReply && header.group === GROUP.os && header.id === RESET
}
