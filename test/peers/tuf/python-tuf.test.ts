/** python-tuf, the reference implementation: it must read what our depot writes, judge as we do, and we must read what it writes. */

import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { CRANE_IMAGE, craneDepot, serveDepot } from '../../fixtures/depot.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'
import { ClientUnderTest } from '../../fixtures/tuf/client-under-test.ts'
import { JUDGED_CASES } from '../../fixtures/tuf/judged-cases.ts'
import { PythonClient, pythonTuf } from '../../fixtures/tuf/python-client.ts'
import { RepositorySimulator } from '../../fixtures/tuf/repository-simulator.ts'
import { serveHandler, serveSimulator } from '../../fixtures/tuf/simulator-server.ts'

const ARTIFACT = 'artifacts/crane-2.5.0.bin'

describe('python-tuf reads a depot', () => {
  it.for([
    ['one list', null],
    ['hash bins', 3],
  ] as const)('with artifacts in %s, through an exchange of every key', async ([_name, artifactBins], context) => {
    const python = pythonTuf(context)
    const { depot } = await craneDepot({ artifactBins })
    const root = join(depot.layout.metadata, '1.root.json')
    const client = new PythonClient(python, { dir: tempDir(), url: await serveDepot(depot), root })
    expect(await client.refresh(ARTIFACT)).toEqual({ ok: true, why: null, content: CRANE_IMAGE })
    expect(await client.refresh('artifacts/nothing')).toMatchObject({ ok: true, content: null })
    for (const role of ['root', 'targets', 'snapshot', 'timestamp', 'policy', 'sites', 'plans', 'artifacts']) {
      await depot.rotateKey(role)
      await depot.publish()
      expect(await client.refresh(ARTIFACT), role).toEqual({ ok: true, why: null, content: CRANE_IMAGE })
    }
  })
})

it('python-tuf is read by us, as it writes today', async (context) => {
  const make = fileURLToPath(new URL('../../fixtures/tuf/python-tuf/make.py', import.meta.url))
  const files = JSON.parse(execFileSync(pythonTuf(context), [make], { encoding: 'utf8' }))
  const url = await serveHandler(({ url: path = '' }, response) => {
    const content = files[decodeURIComponent(path.slice(1))]
    response.writeHead(content === undefined ? 404 : 200).end(content)
  })
  const client = new ClientUnderTest({ url, root: Buffer.from(files['metadata/1.root.json']) })
  for (let i = 0; i < 12; i += 1) expect(await client.download(`bins/artifact-${i}`)).toBe(`artifact ${i}`)
  expect(await client.download('by/hash/prefix')).toBe('prefix')
  expect(await client.download('docs/håndbok 1.pdf')).toBe('håndbok')
  expect(client.versions().root).toBe(3)
})

describe('python-tuf and we judge alike', () => {
  it.for(JUDGED_CASES)('%s', async ([_name, change, good], context) => {
    const repo = new RepositorySimulator()
    const url = await serveSimulator(repo)
    const root = join(tempDir(), 'root.json')
    writeFileSync(root, repo.firstRoot())
    const theirs = new PythonClient(pythonTuf(context), { dir: tempDir(), url, root })
    const ours = new ClientUnderTest({ url, root: repo.firstRoot() })
    repo.bump('targets')
    repo.update()
    expect(await theirs.refresh()).toMatchObject({ ok: true })
    expect(await ours.refresh()).toBe('ok')
    change(repo)
    const verdict = await ours.refresh()
    const { ok, why } = await theirs.refresh()
    expect({ theirs: ok, ours: verdict === 'ok' }, `${verdict}; ${why}`).toEqual({ theirs: good, ours: good })
    for (const [role, version] of Object.entries(ours.versions())) expect(theirs.version(role), role).toBe(version)
  })
})
