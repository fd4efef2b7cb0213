import type { Agent } from 'node:http'

/** Where one device's web server is, and the connections kept to it. */
export interface WebServer {
  readonly scheme: 'http' | 'https'
  readonly address: string
  readonly host: string
  readonly port: number
  readonly agent: Agent
}
