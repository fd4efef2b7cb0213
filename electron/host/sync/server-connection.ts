import { readFileSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { join } from 'node:path'
import type { ServerConnectionChange, ServerConnectionView } from '../../../shared/contract/sync.ts'
import { AppError } from '../../../shared/errors.ts'
import type { AuditRecorder } from '../audit/recorder.ts'
import { type CertificateFacts, readAuthorities, readClientCertificate } from '../crypto/tls-identity.ts'
import { writePrivateFile } from '../store/private-files.ts'

export interface ServerConnectionOptions {
  /** Where the files are kept, for their owner alone. */
  readonly dir: string
  /** Set once the log is open: it is sent over this connection itself. */
  readonly recorder: () => AuditRecorder
  readonly env: Readonly<Record<string, string | undefined>>
}

interface Held {
  readonly authorities: string | null
  readonly certificate: string | null
  readonly key: string | null
}

const FILES = { authorities: 'authorities.pem', certificate: 'client.pem', key: 'client-key.pem' } as const
const MAX_FILE_BYTES = 256 * 1024
/** What the queues of a sync ask for at once, and a little more. */
const MAX_SOCKETS = 20
/** A machine speaks to itself without anybody's help. */
const NEVER_BY_PROXY = '127.0.0.1,localhost,[::1]'

/** How this console reaches its server: whose word on the server's name it takes, how it shows itself, by which proxy. */
export class ServerConnection {
  readonly #options: ServerConnectionOptions
  readonly #listeners = new Set<() => void>()
  #held: Held
  #agents: { readonly http: HttpAgent; readonly https: HttpsAgent }

  /** Files that are damaged are kept out of use, and {@link view} shows none: a server that wants them will say so. */
  constructor(options: ServerConnectionOptions) {
    this.#options = options
    this.#held = usable({
      authorities: this.#read('authorities'),
      certificate: this.#read('certificate'),
      key: this.#read('key'),
    })
    this.#agents = this.#made()
  }

  /** For one request: what is set may change between two of them. */
  agent(url: URL): HttpAgent {
    return url.protocol === 'https:' ? this.#agents.https : this.#agents.http
  }

  view(): ServerConnectionView {
    const { authorities, certificate, key } = this.#held
    return {
      authorities: authorities === null ? [] : readAuthorities(authorities),
      own: certificate === null || key === null ? null : readClientCertificate(certificate, key),
      proxy: this.#proxy(),
    }
  }

  /**
   * Takes files in, or puts them out where they are null; what is not named stays. Throws `sync.bad-certificate`,
   * `file.*`, `disk.full`, and then nothing has changed.
   */
  async set(change: ServerConnectionChange, actor: string): Promise<ServerConnectionView> {
    const next = {
      authorities: await this.#next('authorities', change.authorities),
      certificate: await this.#next('certificate', change.certificate),
      key: await this.#next('key', change.key),
    }
    const [authorities, own] = judged(next)
    const detail = { authorities: authorities.map(({ fingerprint }) => fingerprint), own: own?.fingerprint ?? null }
    const subject = own?.subject ?? 'server'
    await this.#options
      .recorder()
      .record({ actor, action: 'sync.connection-set', subject, detail }, () => this.#write(next))
    this.#held = next
    this.close()
    this.#agents = this.#made()
    for (const listener of this.#listeners) listener()
    return this.view()
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Closes idle connections. */
  close(): void {
    this.#agents.http.destroy()
    this.#agents.https.destroy()
  }

  #made() {
    const { authorities, certificate, key } = this.#held
    const { env } = this.#options
    const proxyEnv =
      this.#proxy() === null
        ? {}
        : {
            proxyEnv: {
              ...env,
              NO_PROXY: [env.NO_PROXY ?? env.no_proxy, NEVER_BY_PROXY].filter(Boolean).join(','),
            },
          }
    const common = { keepAlive: true, maxSockets: MAX_SOCKETS, ...proxyEnv }
    const tls = {
      ...(authorities === null ? {} : { ca: authorities }),
      ...(certificate === null || key === null ? {} : { cert: certificate, key }),
    }
    return { http: new HttpAgent(common), https: new HttpsAgent({ ...common, ...tls }) }
  }

  /** Without what may stand in front of the host: a name and a password. */
  #proxy(): string | null {
    const { env } = this.#options
    const text = env.HTTPS_PROXY ?? env.https_proxy ?? env.HTTP_PROXY ?? env.http_proxy
    const url = text === undefined || text === '' ? null : URL.parse(text)
    return url && `${url.protocol}//${url.host}`
  }

  async #next(name: keyof Held, path: string | null | undefined): Promise<string | null> {
    if (path === undefined) return this.#held[name]
    return path === null ? null : readText(path)
  }

  #read(name: keyof Held): string | null {
    try {
      return readFileSync(join(this.#options.dir, FILES[name]), 'utf8')
    } catch {
      return null
    }
  }

  #write(next: Held): void {
    for (const name of Object.keys(FILES) as (keyof Held)[]) {
      const [path, text] = [join(this.#options.dir, FILES[name]), next[name]]
      if (text === null) rmSync(path, { force: true })
      else writePrivateFile(path, text)
    }
  }
}

/** Throws `sync.bad-certificate`. */
function judged({ authorities, certificate, key }: Held): [CertificateFacts[], CertificateFacts | null] {
  if ((certificate === null) !== (key === null)) {
    throw new AppError('sync.bad-certificate', { detail: { why: certificate === null ? 'no-certificate' : 'no-key' } })
  }
  const own = certificate === null || key === null ? null : readClientCertificate(certificate, key)
  return [authorities === null ? [] : readAuthorities(authorities), own]
}

function usable(held: Held): Held {
  try {
    judged(held)
    return held
  } catch {
    return { authorities: null, certificate: null, key: null }
  }
}

async function readText(path: string): Promise<string> {
  try {
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      if (size > MAX_FILE_BYTES) throw new AppError('sync.bad-certificate', { detail: { why: 'too-large' } })
      return await file.readFile('utf8')
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOENT') throw new AppError('file.not-found', { detail: { path }, cause: error })
    throw new AppError('file.unreadable', { detail: { path, reason: code }, cause: error })
  }
}
