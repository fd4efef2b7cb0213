import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { AppMode } from '../../shared/contract/app.ts'
import { defaultDataDir, demoDataDir } from '../../shared/data-dir.ts'

export interface HeadlessArgs {
  readonly dataDir: string
  readonly mode: AppMode
  readonly port: number
  /** Folder of the built page; null: the one beside the bundle. */
  readonly page: string | null
  readonly idleExitMs: number | null
  /** End when the program that started this host is gone. */
  readonly withParent: boolean
}

export const HEADLESS_USAGE = `slipway host [options]

  --data-dir DIR   where the console keeps everything (or SLIPWAY_DATA_DIR)
  --demo           simulated devices and a server of their own, in a folder beside the real one
  --port N         port on 127.0.0.1; any free one unless given
  --idle-exit S    end after S seconds without clients and runs
  --page DIR       the built page
  --with-parent    end with the program that started it`

/** Throws a `TypeError` that says what is wrong with the arguments. */
export function readHeadlessArgs(args: readonly string[], env: NodeJS.ProcessEnv): HeadlessArgs {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'data-dir': { type: 'string' },
      demo: { type: 'boolean', default: false },
      port: { type: 'string', default: '0' },
      'idle-exit': { type: 'string' },
      page: { type: 'string' },
      'with-parent': { type: 'boolean', default: false },
    },
  })
  const base = values['data-dir'] ?? env.SLIPWAY_DATA_DIR ?? defaultDataDir(process.platform, env, homedir())
  const idle = values['idle-exit']
  return {
    dataDir: resolve(values.demo ? demoDataDir(base) : base),
    mode: values.demo ? 'demo' : 'normal',
    port: wholeNumber('--port', values.port, 65_535),
    page: values.page === undefined ? null : resolve(values.page),
    idleExitMs: idle === undefined ? null : wholeNumber('--idle-exit', idle, 1_000_000) * 1000,
    withParent: values['with-parent'],
  }
}

function wholeNumber(option: string, text: string, max: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value <= max) return value
  throw new TypeError(`${option} wants a whole number up to ${max}, not ${JSON.stringify(text)}`)
}
