import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface Badness {
  /** Damages this byte of as many of the first connections that carry so many. */
  readonly flip?: { readonly at: number; readonly times: number }
  /** No faster than this towards the daemon. */
  readonly bytesPerSecond?: number
}

/** A path to a daemon that is slow or damages bytes. Resolves to the address at its near end. */
export async function badPath(target: string, { flip, bytesPerSecond }: Badness): Promise<string> {
  const { hostname, port } = new URL(target)
  const open = new Set<Socket>()
  let flips = flip?.times ?? 0
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        open.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    let seen = 0
    client.on('data', (part: Buffer) => {
      const here = (flip?.at ?? -1) - seen
      seen += part.length
      if (here >= 0 && here < part.length && flips > 0) {
        flips -= 1
        part.writeUInt8(part.readUInt8(here) ^ 0x40, here)
      }
      client.pause()
      const pauseMs = bytesPerSecond === undefined ? 0 : (part.length / bytesPerSecond) * 1000
      upstream.write(part, () => setTimeout(() => client.resume(), pauseMs))
    })
    upstream.on('data', (part: Buffer) => client.write(part))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    for (const socket of open) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
