import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { z } from 'zod'

/** Ports that the demo's server and devices keep through a restart of the host. */
const Places = z.object({ depot: z.int(), gateway: z.int(), winch: z.int() })
export type Places = z.infer<typeof Places>

/** The ports of last time, or free ones. */
export async function demoPlaces(path: string): Promise<Places> {
  const kept = await readFile(path, 'utf8').then(
    (text) => Places.safeParse(JSON.parse(text)).data,
    () => undefined,
  )
  if (kept) return kept
  const [depot = 0, gateway = 0, winch = 0] = await freePorts(3)
  const places = { depot, gateway, winch }
  await writeFile(path, JSON.stringify(places), { mode: 0o600 })
  return places
}

/** Ports that nobody uses now. Held together, so that they are different ones. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer()
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
