import { execFile } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { Depot } from '../../../electron/depot/depot.ts'
import { makeFirmware } from '../../../electron/sim/artifacts/demo.ts'
import type { PlanInput } from '../../../shared/model/plan.ts'
import { toInstant } from '../../../shared/model/text.ts'
import { bundles } from '../../fixtures/built.ts'
import { npxFolder } from '../../fixtures/npx-folder.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const run = promisify(execFile)

/** The commands of the README's chapter on publishing. */
function commands(): string {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const chapter = readme.split('\n## ').find((part) => part.startsWith('Publish a repository')) ?? ''
  return /```sh\n([\s\S]*?)```/.exec(chapter)?.[1] ?? ''
}

/** A folder with the examples, as somebody who follows the README has it. */
function workshop(): string {
  const dir = join(tempDir(), 'workshop')
  cpSync(join(ROOT, 'electron/depot/examples'), dir, { recursive: true })
  const file = join(dir, 'crane-2.5.0.plan.json')
  const plan = JSON.parse(readFileSync(file, 'utf8')) as PlanInput
  // The example has the dates of its day.
  const dates = { notBefore: toInstant(Date.now() - 86_400_000), expires: toInstant(Date.now() + 30 * 86_400_000) }
  writeFileSync(file, JSON.stringify({ ...plan, ...dates }))
  const firmware = makeFirmware({ type: 'acme-crane', version: '2.5.0', size: 40_000 })
  writeFileSync(join(dir, 'crane-2.5.0.bin'), firmware)
  return dir
}

test.runIf(process.platform !== 'win32')(
  'the README publishes a repository with the examples',
  { timeout: 240_000 },
  async () => {
    await bundles()
    const script = commands()
    expect(script.match(/npx slipway/g)?.length).toBeGreaterThanOrEqual(8)
    const cwd = workshop()
    const env = { ...process.env, PATH: `${npxFolder()}${delimiter}${process.env.PATH}` }
    const { stdout } = await run('bash', ['-euc', script], { cwd, env })
    const depot = await Depot.open(join(cwd, 'depot'), { clock: { now: () => Date.now() } })
    const { fingerprint } = await depot.fingerprint()
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(fingerprint)
    expect(await depot.status()).toMatchObject({ unpublished: [] })
  },
)
