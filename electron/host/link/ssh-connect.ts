import type { Client, ConnectConfig, ParsedKey } from 'ssh2'
import { AppError } from '../../../shared/errors.ts'
import { sha256 } from '../crypto/hash.ts'
import { parseAddress } from './address.ts'
import type { SshAccess, SshLogin } from './link.ts'
import { quickenCipher } from './ssh-cipher.ts'
import { sshError } from './ssh-errors.ts'
import { SshSocket } from './ssh-socket.ts'
import { orAborted } from './waiting.ts'

/** ms */
export interface SshTiming {
  /** For the connection, the proof of the device's host key and the login, together. */
  readonly connect: number
  /** Between questions whether the device is still there; after three without an answer it is not. */
  readonly keepAlive: number
}

export const SSH_TIMING: SshTiming = { connect: 10_000, keepAlive: 5000 }

const UNANSWERED = 3

/** A connection that stands. */
export interface SshConnection {
  readonly address: string
  readonly client: Client
  /** Fires with the reason once the connection is gone. */
  readonly gone: AbortSignal
}

/**
 * What is offered: nothing that RFC 9142 or OpenSSH 9 has put away. AES-GCM first: one pass of the processor's own
 * instructions, while CTR needs a second one for its MAC (which small devices with Dropbear need).
 */
const ALGORITHMS = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group14-sha256',
  ],
  serverHostKey: [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
  ],
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes256-ctr', 'aes128-ctr'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
  compress: ['none'],
} satisfies ConnectConfig['algorithms']

/**
 * Connects, proves by its host key that the device is the one meant, and only then logs in. Throws
 * `link.host-key-changed`, `link.host-key-unknown`, `device.unauthorised`, `link.*`.
 */
export async function connectSsh(
  address: string,
  { hostKeys, login }: SshAccess,
  timing: SshTiming,
  signal: AbortSignal,
): Promise<SshConnection> {
  const parsed = parseAddress(address)
  if (parsed.scheme !== 'ssh') throw new AppError('link.bad-address', { detail: { address } })
  const username = parsed.user ?? login?.username
  if (!username) throw new AppError('device.unauthorised', { detail: { address } })
  const { default: ssh } = await import('ssh2')
  const auth = authOf(ssh.utils.parseKey, login, address)
  const client = new ssh.Client()
  const socket = new SshSocket().setNoDelay(true).connect({ host: parsed.host, port: parsed.port ?? 22 })
  quickenCipher(client)
  const gone = new AbortController()
  let untrusted: AppError | null = null
  let failure: unknown = null
  const ready = new Promise<void>((resolve, reject) => {
    client.on('ready', resolve)
    client.on('error', (error) => {
      failure ??= error
      reject(untrusted ?? error)
    })
    client.on('close', () => {
      const lost = new AppError('link.lost', { detail: { address }, cause: failure })
      gone.abort(lost)
      reject(untrusted ?? lost)
    })
    client.on('keyboard-interactive', (_name, _instructions, _language, prompts, answer) =>
      answer(prompts.map(({ echo }) => (echo ? username : (login?.password ?? '')))),
    )
  })
  try {
    client.connect({
      ...auth,
      sock: socket,
      username,
      algorithms: ALGORITHMS,
      readyTimeout: timing.connect,
      keepaliveInterval: timing.keepAlive,
      keepaliveCountMax: UNANSWERED,
      hostVerifier: (key: Buffer) => {
        untrusted = distrust(address, hostKeys, key)
        return untrusted === null
      },
    })
    await orAborted(ready, signal)
  } catch (error) {
    client.destroy()
    socket.destroy()
    throw sshError(error, address, signal)
  }
  return { address, client, gone: gone.signal }
}

/** Why this host key is not believed; null: the signed documents name it. */
function distrust(address: string, hostKeys: readonly string[], key: Uint8Array): AppError | null {
  const seen = `SHA256:${Buffer.from(sha256(key)).toString('base64').replace(/=+$/, '')}`
  if (hostKeys.length === 0) return new AppError('link.host-key-unknown', { detail: { address, seen } })
  if (hostKeys.includes(seen)) return null
  return new AppError('link.host-key-changed', { detail: { address, seen, expected: hostKeys.join(', ') } })
}

/** The one way in which the console proves who it is: it never tries around with what it holds. */
function authOf(
  parseKey: (key: string, passphrase?: string) => ParsedKey | ParsedKey[] | Error,
  login: SshLogin | null,
  address: string,
): Pick<ConnectConfig, 'authHandler' | 'password' | 'privateKey' | 'passphrase'> {
  if (login?.privateKey !== undefined) {
    const parsed = parseKey(login.privateKey, login.password || undefined)
    const key = Array.isArray(parsed) ? parsed[0] : parsed
    if (!key || key instanceof Error || !key.isPrivateKey()) {
      throw new AppError('device.unauthorised', { detail: { address, reason: 'key' }, cause: key })
    }
    return {
      privateKey: login.privateKey,
      ...(login.password !== '' && { passphrase: login.password }),
      authHandler: ['publickey'],
    }
  }
  if (login) return { password: login.password, authHandler: ['password', 'keyboard-interactive'] }
  return { authHandler: ['none'] }
}
