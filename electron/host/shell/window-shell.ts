import { type Power, SHELL_VERSION, type ShellContract, shellContract } from '../../../shared/contract/shell.ts'
import { AppError } from '../../../shared/errors.ts'
import { connect } from '../../../shared/rpc/client.ts'
import type { Client, WatchListener } from '../../../shared/rpc/define.ts'
import type { Wire } from '../../../shared/rpc/wire.ts'
import { FileKeystore } from './file-keystore.ts'
import { POWER_INTERVAL_MS, readPower } from './power.ts'
import type { Shell } from './shell.ts'

/** Put before protected bytes: which keystore can open them. The answer may change between two starts. */
const BY_OS = 1
const BY_FILE = 2

/**
 * The shell contract as Electron's main process answers it, with what it cannot answer filled in here:
 * a key file where the laptop has no keystore, the charge where Electron knows only the plug.
 */
export async function openWindowShell(wire: Wire, dataDir: string, signal: AbortSignal): Promise<Shell> {
  const connection = await connect(wire, { contract: shellContract, version: SHELL_VERSION, signal })
  const remote = connection.client.shell
  const file = new FileKeystore(dataDir)
  const shell: Client<ShellContract>['shell'] = {
    info: (input, options) => remote.info(input, options),
    setWriting: (input, options) => remote.setWriting(input, options),
    protect: async ({ bytes }, options) => {
      const { keystore } = await remote.info(null, options)
      if (keystore === 'file') return { bytes: tagged(BY_FILE, file.protect(fromBase64(bytes))) }
      return { bytes: tagged(BY_OS, fromBase64((await remote.protect({ bytes }, options)).bytes)) }
    },
    unprotect: async ({ bytes }, options) => {
      const [tag, inner] = untagged(bytes)
      if (tag === BY_FILE) return { bytes: toBase64(file.unprotect(inner)) }
      if (tag === BY_OS) return remote.unprotect({ bytes: toBase64(inner) }, options)
      throw new AppError('host.no-keystore', { detail: { why: 'unknown-box' } })
    },
    power: (_, listener) => watchPower(remote, listener),
  }
  return { client: { shell }, close: () => connection.close() }
}

/** The window's word with the charge added, and the plug where only the operating system's files tell it. */
function watchPower(remote: Client<ShellContract>['shell'], listener: WatchListener<Power>): () => void {
  const stopped = new AbortController()
  let fromWindow: Power | null = null
  const tell = async () => {
    const local = await readPower(process.platform, stopped.signal)
    if (fromWindow === null || stopped.signal.aborted) return
    const { battery, onMains } = fromWindow
    listener.value({ battery: battery ?? local.battery, onMains: onMains ?? local.onMains })
  }
  const stop = remote.power(null, {
    ...listener,
    value: (power) => {
      fromWindow = power
      void tell()
    },
  })
  const timer = setInterval(() => void tell(), POWER_INTERVAL_MS)
  timer.unref()
  return () => {
    stopped.abort()
    clearInterval(timer)
    stop()
  }
}

function tagged(tag: number, bytes: Uint8Array): string {
  return toBase64(Buffer.concat([Buffer.of(tag), bytes]))
}

function untagged(text: string): readonly [tag: number | undefined, inner: Uint8Array] {
  const bytes = fromBase64(text)
  return [bytes[0], bytes.subarray(1)]
}

const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))
const toBase64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
