import type { MessagePortMain } from 'electron'
import { type Power, SHELL_VERSION, type ShellContract, shellContract } from '../../shared/contract/shell.ts'
import { AppError } from '../../shared/errors.ts'
import type { Handlers, Live } from '../../shared/rpc/define.ts'
import { electronPortWire } from '../../shared/rpc/port-wire.ts'
import { serve } from '../../shared/rpc/server.ts'
import type { ElectronApi } from './electron-api.ts'
import type { WritingGuard } from './writing-guard.ts'

type ShellElectron = Pick<ElectronApi, 'safeStorage' | 'powerMonitor'>

export interface ShellServiceOptions {
  readonly electron: ShellElectron
  readonly platform: NodeJS.Platform
  readonly version: string
  readonly guard: WritingGuard
  readonly onUnexpected: (error: unknown, method: string) => string
}

/** Serves the shell contract to the host on the other end of a port. */
export function serveShell(port: MessagePortMain, options: ShellServiceOptions): void {
  serve(electronPortWire(port), {
    contract: shellContract,
    version: SHELL_VERSION,
    handlers: shellHandlers(options),
    admit: () => null,
    onUnexpected: options.onUnexpected,
  })
  // A host that is gone writes nothing; what it was writing is found by the next one's recovery.
  port.on('close', () => options.guard.set(false))
}

function shellHandlers(options: ShellServiceOptions): Handlers<ShellContract, null> {
  const { electron, guard } = options
  const { safeStorage } = electron
  return {
    shell: {
      info: async () => ({ keystore: (await hasKeystore(options)) ? 'os' : 'file', electron: options.version }),
      protect: async ({ bytes }) => {
        if (!(await hasKeystore(options))) throw new AppError('host.no-keystore', { detail: { why: 'none' } })
        return { bytes: (await safeStorage.encryptStringAsync(bytes)).toString('base64') }
      },
      unprotect: async ({ bytes }) => {
        if (!(await hasKeystore(options))) throw new AppError('host.no-keystore', { detail: { why: 'none' } })
        try {
          const { result } = await safeStorage.decryptStringAsync(Buffer.from(bytes, 'base64'))
          return { bytes: result }
        } catch (cause) {
          throw new AppError('host.no-keystore', { detail: { why: 'other-key' }, cause })
        }
      },
      setWriting: ({ writing }) => {
        guard.set(writing)
        return null
      },
      power: () => livePower(electron.powerMonitor),
    },
  }
}

/** On Linux without a keyring Electron "encrypts" with a password that is printed in its source. */
async function hasKeystore({ electron: { safeStorage }, platform }: ShellServiceOptions): Promise<boolean> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return false
  if (platform !== 'linux') return true
  return !['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())
}

/** Electron knows the plug; it cannot tell the charge. */
function livePower(monitor: ShellElectron['powerMonitor']): Live<Power> {
  return {
    read: () => ({ battery: null, onMains: !monitor.isOnBatteryPower() }),
    onChange: (listener) => {
      monitor.on('on-ac', listener)
      monitor.on('on-battery', listener)
      return () => {
        monitor.off('on-ac', listener)
        monitor.off('on-battery', listener)
      }
    },
  }
}
