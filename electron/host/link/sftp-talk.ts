import type { ClientChannel } from 'ssh2'
import { AppError } from '../../../shared/errors.ts'
import { ASK, parseSftpAnswer, type SftpAnswer, type SftpField, sftpPacket, sftpSplitter } from './sftp-packets.ts'
import type { SshConnection } from './ssh-connect.ts'
import { abortError, orAborted } from './waiting.ts'

/** SSH_FXP_STATUS codes (draft-ietf-secsh-filexfer-02, 7). */
export const SFTP_STATUS = { ok: 0, noSuchFile: 2, failure: 4 } as const

/** What a server may say without words of its own. */
const WORDS: Readonly<Record<number, string>> = { 2: 'No such file', 3: 'Permission denied', 4: 'Failure' }

/** What the server answered instead of doing it. */
export class SftpRefusal extends Error {
  override readonly name = 'SftpRefusal'
  readonly status: number

  constructor(status: number, message: string) {
    super(message || WORDS[status] || `status ${status}`)
    this.status = status
  }
}

export function statusOf(error: unknown): number | null {
  return error instanceof SftpRefusal ? error.status : null
}

/** Questions and answers over one channel; many may be on their way. */
export interface SftpTalk {
  /** Throws {@link SftpRefusal}, `device.bad-frame`, `link.lost`. `following` is not copied. */
  ask<T extends SftpAnswer['type']>(
    type: number,
    expected: T,
    fields: readonly SftpField[],
    following?: Uint8Array,
  ): Promise<SftpAnswer & { readonly type: T }>
  end(): void
}

interface Waiting {
  readonly resolve: (answer: SftpAnswer) => void
  readonly reject: (error: unknown) => void
}

/** Version 3: what every server of today speaks. */
const VERSION = 3
/** Under which the answer to the first packet, which has no number, is awaited. */
const FIRST = -1

export async function openSftpTalk(
  { client, address }: SshConnection,
  ended: AbortSignal,
): Promise<{
  readonly talk: SftpTalk
  /** What the server has beyond the standard. */
  readonly extensions: ReadonlySet<string>
}> {
  const opening = new Promise<ClientChannel>((resolve, reject) => {
    client.subsys('sftp', (error, opened) => (error ? reject(error) : resolve(listening(opened))))
  })
  const waiting = new Map<number, Waiting>()
  let over: { readonly error: unknown } | null = null
  const fail = (error: unknown) => {
    over ??= { error }
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  const onEnd = () => fail(abortError(ended))
  /** At once: the server may speak, or hang up, in the packet that opens the channel. */
  function listening(channel: ClientChannel): ClientChannel {
    const split = sftpSplitter()
    channel.on('data', (chunk: Buffer) => {
      try {
        for (const packet of split(chunk)) take(parseSftpAnswer(packet))
      } catch (error) {
        fail(error)
        channel.close()
      }
    })
    channel.stderr.resume()
    channel.on('error', fail)
    channel.on('close', () => fail(new AppError('link.lost', { detail: { address } })))
    return channel
  }
  function take(answer: SftpAnswer | null): void {
    if (answer === null) return
    const id = answer.type === 'version' ? FIRST : answer.id
    const asked = waiting.get(id)
    waiting.delete(id)
    asked?.resolve(answer)
  }

  const channel = await orAborted(opening, ended).catch((error: unknown) => {
    // Nobody waits for it any more, should it still come.
    opening.then((late) => late.close()).catch(() => {})
    throw error
  })
  if (ended.aborted) onEnd()
  else ended.addEventListener('abort', onEnd, { once: true })
  let id = 0
  const answer = (to: number, send: () => void) =>
    new Promise<SftpAnswer>((resolve, reject) => {
      // A channel that has closed takes no words and calls nobody back.
      if (over) return reject(over.error)
      waiting.set(to, { resolve, reject })
      send()
    })
  const talk: SftpTalk = {
    async ask<T extends SftpAnswer['type']>(
      type: number,
      expected: T,
      fields: readonly SftpField[],
      following?: Uint8Array,
    ) {
      id = (id + 1) >>> 0
      const number = id
      const said = await answer(number, () => {
        channel.write(sftpPacket(type, [number, ...fields], following?.length))
        if (following) channel.write(following)
      })
      if (said.type === 'status' && said.code !== SFTP_STATUS.ok) throw new SftpRefusal(said.code, said.message)
      if (said.type !== expected) throw new AppError('device.bad-frame', { detail: { what: 'sftp', said: said.type } })
      return said as SftpAnswer & { readonly type: T }
    },
    end() {
      ended.removeEventListener('abort', onEnd)
      fail(new AppError('link.lost', { detail: { address } }))
      channel.end()
      channel.close()
    },
  }
  const first = await answer(FIRST, () => channel.write(sftpPacket(ASK.init, [VERSION]))).catch((error: unknown) => {
    talk.end()
    throw error
  })
  return { talk, extensions: first.type === 'version' ? first.extensions : new Set() }
}
