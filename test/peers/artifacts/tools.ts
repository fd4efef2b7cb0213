import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type TestContext } from 'vitest'
import { memorySource } from '../../../electron/host/artifact/source.ts'
import type { SignerKey } from '../../../shared/model/profile.ts'
import { cannotRun, needsAll } from '../../fixtures/needs.ts'

/** Runs a tool that made the file to be read; its own words are the failure. */
export function tool(
  name: string,
  args: readonly string[],
  options: { cwd?: string; input?: string | Uint8Array; env?: NodeJS.ProcessEnv } = {},
) {
  const result = spawnSync(name, [...args], { ...options, maxBuffer: 64 * 1024 * 1024 })
  expect(result.status, `${name} ${args.join(' ')}\n${String(result.stdout)}\n${String(result.stderr)}`).toBe(0)
  return result.stdout
}

export const needsTools = (context: TestContext, ...names: readonly string[]) => needsAll(context, names)

const IMGTOOL = 'imgtool==2.5.0'

/** MCUboot's own signing tool, from its Python package, in an environment of its own that stays for the next time. */
export function imgtool(context: TestContext): string {
  const home = join(tmpdir(), 'slipway-imgtool-2.5.0')
  const program = join(home, 'bin', 'imgtool')
  if (existsSync(program)) return program
  try {
    mkdirSync(home, { recursive: true })
    execFileSync('python3', ['-m', 'venv', home], { stdio: 'pipe' })
    execFileSync(join(home, 'bin', 'pip'), ['install', '--quiet', IMGTOOL], { stdio: 'pipe' })
  } catch (error) {
    cannotRun(context, `no ${IMGTOOL} (pip install): ${String(error)}`)
  }
  return program
}

export const fileSource = (path: string) => memorySource(readFileSync(path))

export function signer(id: string, algorithm: SignerKey['algorithm'], path: string): SignerKey {
  return { id, algorithm, pem: readFileSync(path, 'utf8') }
}
