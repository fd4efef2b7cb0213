import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, type TestContext, test } from 'vitest'
import { ageOpener, ageSealer } from '../../electron/host/crypto/age-seal.ts'
import { openConsole, testSigner, testTrust } from '../fixtures/audit/console.ts'
import { startIntake } from '../fixtures/audit/intake-server.ts'
import { needsAll } from '../fixtures/needs.ts'
import { tempDir } from '../fixtures/temp-dir.ts'

const needsAge = (context: TestContext) => needsAll(context, ['age', 'age-keygen'], 'apt install age')

function keygen(path: string): { recipient: string; identity: string } {
  execFileSync('age-keygen', ['-o', path], { stdio: 'pipe' })
  const text = readFileSync(path, 'utf8')
  return {
    recipient: /# public key: (age1\S+)/.exec(text)?.[1] ?? '',
    identity: /^AGE-SECRET-KEY-1\S+$/m.exec(text)?.[0] ?? '',
  }
}

const age = (identity: string, file: string) => execFileSync('age', ['-d', '-i', identity, file])

test('the age program opens an entry’s detail and a segment that the console made', async (context) => {
  needsAge(context)
  const dir = tempDir()
  const [detailKey, intakeKey] = [keygen(join(dir, 'detail.txt')), keygen(join(dir, 'intake.txt'))]
  const trust = await testTrust()
  const { recipients } = trust.full
  trust.policy.set({
    ...trust.full,
    recipients: { ...recipients, detail: [trust.detail.recipient, detailKey.recipient], intake: [intakeKey.recipient] },
  })
  const console = await openConsole(join(dir, 'data'), { signer: testSigner(), policy: trust.policy, key: 'new' })
  const detail = { act: 'upload', note: 'ÆØÅ 😀 "quoted"', n: 12 }
  await console.audit.recorder.record({ actor: 'ada', action: 'run.outcome', subject: 'run-1', detail })
  const segment = join(dir, 'segment.age')
  await console.audit.export('ada', segment)
  await console.close()

  const lines = age(join(dir, 'intake.txt'), segment)
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines[0]).toMatchObject({ format: 'slipway.audit-segment/1', first: 1, last: 3 })
  expect(lines.at(-1)).toMatchObject({ format: 'slipway.audit-head/1', seq: 3 })
  const entry = lines.find(({ action }) => action === 'run.outcome')
  writeFileSync(join(dir, 'entry.age'), Buffer.from(entry.sealed, 'base64'))
  expect(JSON.parse(age(join(dir, 'detail.txt'), join(dir, 'entry.age')).toString('utf8'))).toEqual(detail)
  // The intake's key opens the segment and not the detail.
  expect(spawnSync('age', ['-d', '-i', join(dir, 'intake.txt'), join(dir, 'entry.age')]).status).not.toBe(0)
})

test('a segment that the age program sealed is read by the depot', async (context) => {
  needsAge(context)
  const dir = tempDir()
  const trust = await testTrust()
  const signer = testSigner()
  const console = await openConsole(join(dir, 'data'), { signer, policy: trust.policy, key: 'new' })
  await console.audit.recorder.record({ actor: 'ada', action: 'run.phase', subject: 'x' })
  const ours = join(dir, 'ours.age')
  await console.audit.export('ada', ours)
  await console.close()
  const plain = await ageOpener([trust.intake.identity]).open(readFileSync(ours))
  const theirs = join(dir, 'theirs.age')
  execFileSync('age', ['-r', trust.intake.recipient, '-o', theirs], { input: plain ?? Buffer.alloc(0) })

  const server = await startIntake(join(dir, 'intake'), trust, [signer])
  onTestFinished(() => server.close())
  expect(await server.intake.read(theirs)).toMatchObject({ header: { console: 'console-1', first: 1, last: 3 } })
})

test('both programs read each other’s files at the sizes where chunks begin and end', async (context) => {
  needsAge(context)
  const dir = tempDir()
  const { recipient, identity } = keygen(join(dir, 'key.txt'))
  const [sealer, opener] = [ageSealer([recipient]), ageOpener([identity])]
  for (const size of [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000]) {
    const plain = Buffer.alloc(size, size & 0xff)
    writeFileSync(join(dir, 'ours.age'), await sealer.seal(plain))
    expect(age(join(dir, 'key.txt'), join(dir, 'ours.age')).equals(plain)).toBe(true)
    execFileSync('age', ['-r', recipient, '-o', join(dir, 'theirs.age')], { input: plain })
    expect(
      Buffer.compare((await opener.open(readFileSync(join(dir, 'theirs.age')))) ?? Buffer.from('null'), plain),
    ).toBe(0)
  }
})
