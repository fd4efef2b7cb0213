import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { bundles } from '../../fixtures/built.ts'
import { npxFolder } from '../../fixtures/npx-folder.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'

const GUIDE = fileURLToPath(new URL('../../../electron/depot/KEYS.md', import.meta.url))
const run = promisify(execFile)

test.runIf(process.platform !== 'win32')('the guide to the keys does what it says, command by command', async () => {
  await bundles()
  const blocks = [...readFileSync(GUIDE, 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block)
  expect(blocks.length).toBeGreaterThanOrEqual(5)
  const cwd = tempDir()
  for (const person of ['ada', 'ben', 'cem']) writeFileSync(join(cwd, `${person}.pass`), `${person} knows this one\n`)
  const env = { ...process.env, PATH: `${npxFolder()}${delimiter}${process.env.PATH}` }
  const { stdout } = await run('bash', ['-euc', blocks.join('\n')], { cwd, env })
  expect(stdout).toMatch(/All is signed\.[\s\S]*root 1[\s\S]*All is signed\.[\s\S]*root 2/)
  const root = JSON.parse(readFileSync(join(cwd, 'depot/repository/metadata/root.json'), 'utf8'))
  expect(root.signed.version).toBe(2)
  const lost = /Key id.*: ([0-9a-f]{64})/.exec(readFileSync(join(cwd, 'cem.txt'), 'utf8'))?.[1]
  expect(root.signed.roles.root.keyids).toHaveLength(3)
  expect(root.signed.roles.root.keyids).not.toContain(lost)
})
