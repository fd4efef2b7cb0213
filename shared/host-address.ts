import { z } from 'zod'

/** `run/host.json` in the data folder: how programs of the same user find a running host. */
export const HostAddress = z.object({
  /** `http://127.0.0.1:PORT` */
  origin: z.string().regex(/^http:\/\/127\.0\.0\.1:\d{1,5}$/, 'a loopback address'),
  port: z.int().min(1).max(65_535),
  /** For the first frame. Lives as long as the host. */
  token: z.string().min(40).max(100),
  pid: z.int().min(1),
  version: z.string(),
})
export type HostAddress = z.infer<typeof HostAddress>

/** Where a browser opens the page. A fragment never leaves the browser. */
export function pageUrl({ origin, token }: Pick<HostAddress, 'origin' | 'token'>): string {
  return `${origin}/#${token}`
}

/** What a host that was started by another program of ours reports to it, once. */
export const StartReport = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), address: HostAddress }),
  z.object({ type: z.literal('failed'), error: z.unknown() }),
])
export type StartReport = z.infer<typeof StartReport>
