import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../../build/launcher/build.ts'

/** Files that break a rule each, and the rule's name. */
const PLANTED: readonly [file: string, text: string, rule: string][] = [
  ['shared/planted.ts', "import '../electron/host/log.ts'", 'room-shared'],
  ['shared/planted-node.ts', "import 'node:fs'", 'shared-is-platform-free'],
  ['electron/main/planted.ts', "import '../host/log.ts'", 'room-main'],
  ['electron/preload/planted.ts', "import '../main/back-off.ts'", 'room-preload'],
  ['electron/cli/planted.ts', "import '../host/store/db.ts'", 'room-cli'],
  ['electron/host/http/planted.ts', "import '../store/db.ts'", 'room-host-http'],
  ['electron/host/store/planted.ts', "import '../crypto/hash.ts'", 'room-host-store'],
  ['electron/host/link/planted.ts', "import Database from 'better-sqlite3'\nvoid Database", 'package-better-sqlite3'],
  ['electron/host/store/planted-usb.ts', "import 'usb'", 'package-usb'],
  ['electron/host/api/planted.ts', "import 'electron'", 'package-electron'],
  ['electron/host/run/planted.ts', "import 'node:crypto'", 'package-node-crypto'],
  ['electron/host/device/planted.ts', "import '../compose.ts'", 'compose-is-the-root'],
  ['renderer/ui/planted.ts', "import '../text/format.ts'", 'room-renderer-ui'],
  ['renderer/features/one/planted.ts', "import '../two/planted.ts'", 'feature-to-feature'],
  ['electron/cli/planted-test.ts', "import '../../test/fixtures/fake-electron.ts'", 'not-to-test'],
]

let copy: string
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'slipway-imports-'))
  for (const part of ['shared', 'electron', 'renderer', 'test', 'build', 'tsconfig.json', 'package.json']) {
    cpSync(join(ROOT, part), join(copy, part), { recursive: true })
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

function check(): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(copy, 'build', 'check-imports.mjs')], { cwd: copy }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, output: out + err }),
    )
  })
}

describe('the check of the import rules', () => {
  it('fails on a forbidden import, each kind by its own rule, and on nothing else that is there', async () => {
    for (const [file, text] of [...PLANTED, ['renderer/features/two/planted.ts', 'export const two = 2'] as const]) {
      mkdirSync(dirname(join(copy, file)), { recursive: true })
      writeFileSync(join(copy, file), `${text}\n`)
    }
    const { code, output } = await check()
    expect(code).toBe(1)
    const missed = PLANTED.filter(([file, , rule]) => !output.includes(`error ${rule}: ${file} ->`))
    const others = output.split('\n').filter((line) => /\berror \S+: /.test(line) && !line.includes('planted'))
    expect({ missed, others, output: missed.length > 0 ? output : '' }).toEqual({ missed: [], others: [], output: '' })
  })

  it('fails when it sees less than there is', async () => {
    // A compiler that cannot be loaded makes the cruiser blind, and it calls that "no violations".
    rmSync(join(copy, 'tsconfig.json'))
    expect((await check()).code).not.toBe(0)
  })
})
