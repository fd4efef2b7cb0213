import { type Power, SHELL_VERSION, type ShellContract, shellContract } from '../../../shared/contract/shell.ts'
import { connect } from '../../../shared/rpc/client.ts'
import type { Handlers, Live } from '../../../shared/rpc/define.ts'
import { memoryWirePair } from '../../../shared/rpc/memory-wire.ts'
import { serve } from '../../../shared/rpc/server.ts'
import { FileKeystore } from './file-keystore.ts'
import { POWER_INTERVAL_MS, readPower } from './power.ts'
import type { Shell } from './shell.ts'
import { SleepBlocker } from './sleep-blocker.ts'

/** The shell contract without Electron: what the window's process would do, done by the host itself. */
export async function openLocalShell(
  dataDir: string,
  onUnexpected: (error: unknown, where: string) => string,
): Promise<Shell> {
  const keystore = new FileKeystore(dataDir)
  const blocker = new SleepBlocker()
  const handlers: Handlers<ShellContract, null> = {
    shell: {
      info: () => ({ keystore: 'file', electron: null }),
      protect: ({ bytes }) => ({ bytes: toBase64(keystore.protect(fromBase64(bytes))) }),
      unprotect: ({ bytes }) => ({ bytes: toBase64(keystore.unprotect(fromBase64(bytes))) }),
      setWriting: ({ writing }) => {
        blocker.set(writing)
        return null
      },
      power: () => livePower(),
    },
  }
  const [near, far] = memoryWirePair()
  serve(far, { contract: shellContract, version: SHELL_VERSION, handlers, admit: () => null, onUnexpected })
  const connection = await connect(near, { contract: shellContract, version: SHELL_VERSION })
  return {
    client: connection.client,
    close: () => {
      blocker.set(false)
      connection.close()
    },
  }
}

function livePower(): Live<Power> {
  const stop = new AbortController()
  return {
    read: () => readPower(process.platform, stop.signal),
    onChange: (listener) => {
      const timer = setInterval(listener, POWER_INTERVAL_MS)
      timer.unref()
      return () => {
        clearInterval(timer)
        stop.abort()
      }
    },
  }
}

const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))
const toBase64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
