import type { Agent } from 'node:http'
import type { TlsTrust } from './link.ts'

/** Where one device's web server is, and the connections kept to it. */
export interface WebServer {
  readonly scheme: 'http' | 'https'
  readonly address: string
  readonly host: string
  readonly port: number
  readonly agent: Agent
  /** Options of each TLS connection; empty for plain ones. */
  readonly tls: TlsOptions
}

export interface TlsOptions {
  readonly ca?: string
  readonly servername?: string
  readonly minVersion?: 'TLSv1.2'
  readonly rejectUnauthorized?: true
}

/** A pinned authority takes the place of all that the system knows. */
export function tlsOptions(trust: TlsTrust | undefined): TlsOptions {
  // Said outright: an environment variable must not be able to switch it off.
  const always = { minVersion: 'TLSv1.2', rejectUnauthorized: true } as const
  if (!trust) return always
  return { ...always, ca: trust.ca, ...(trust.name !== undefined && { servername: trust.name }) }
}
