import type { DatagramLink } from '../../host/link/link.ts'
import { within } from '../../host/link/waiting.ts'

const WAIT_MS = 150
const TRIES = 30

/** How a boot loader fetches a file: asks for blocks of its size, and repeats its last word when nothing comes. RFC 1350, 2347, 2348. */
export async function fetchByTftp(
  link: DatagramLink,
  file: string,
  blockSize: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const blocks: Uint8Array[] = []
  let word: Uint8Array = new Uint8Array(
    Buffer.from(`\0\u0001${file}\0octet\0blksize\0${blockSize}\0tsize\u00000\0`, 'latin1'),
  )
  let size = 512
  await link.send(word, signal)
  for (let tries = 0; tries < TRIES; ) {
    const said = await within(WAIT_MS, 'timeout', signal, (wait) => link.receive(wait)).catch(() => null)
    if (!said) {
      tries += 1
      await link.send(word, signal)
      continue
    }
    const bytes = Buffer.from(said)
    const [opcode, block] = [bytes.readUInt16BE(0), bytes.readUInt16BE(2)]
    if (opcode === 5) throw new Error(`TFTP error: '${bytes.toString('latin1', 4, bytes.length - 1)}' (${block})`)
    if (opcode === 6) {
      size = Number(/blksize\0(\d+)/.exec(bytes.toString('latin1'))?.[1] ?? size)
      word = acknowledgement(0)
    } else if (opcode === 3) {
      if (block === ((blocks.length + 1) & 0xffff)) blocks.push(new Uint8Array(bytes.subarray(4)))
      word = acknowledgement(block)
    } else continue
    tries = 0
    await link.send(word, signal)
    if (opcode === 3 && bytes.length - 4 < size) return new Uint8Array(Buffer.concat(blocks))
  }
  throw new Error('Retry count exceeded')
}

function acknowledgement(block: number): Uint8Array {
  return Uint8Array.of(0, 4, block >> 8, block & 0xff)
}
