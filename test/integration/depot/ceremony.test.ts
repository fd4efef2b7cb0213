import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCli } from '../../../electron/cli/cli.ts'
import { processIo } from '../../../electron/cli/io.ts'
import { requestCode } from '../../../electron/depot/ceremony/explain.ts'
import { readSigningRequest } from '../../../electron/depot/ceremony/request.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'

/** A publisher's machine and three people with a stick each. */
class Office {
  readonly dir = tempDir()
  readonly depot = join(this.dir, 'depot')
  readonly people = ['ada', 'ben', 'cem'] as const
  readonly locked: boolean

  /** Passphrases are made slow on purpose; only one test is about them. */
  constructor(locked = false) {
    this.locked = locked
    for (const person of this.people) writeFileSync(this.path(`${person}.pass`), `${person} knows this one\n`)
  }

  path(name: string): string {
    return join(this.dir, name)
  }

  pass(person: string): string[] {
    return this.locked ? ['--passphrase-file', this.path(`${person}.pass`)] : []
  }

  async run(...line: string[]): Promise<{ code: number; out: string; err: string }> {
    const out: string[] = []
    const err: string[] = []
    const never = () => Promise.reject(new Error('no host is needed'))
    const code = await runCli(['depot', '--depot', this.depot, ...line], {
      io: {
        out: (text: string) => void out.push(text),
        err: (text: string) => void err.push(text),
        status: () => {},
        inputIsTerminal: false,
        columns: 100,
        askSecret: async () => '',
        read: (path: string) => processIo().read(path),
      },
      signal: new AbortController().signal,
      openHost: never,
      runHost: never,
    })
    return { code, out: out.join('\n'), err: err.join('\n') }
  }

  async ok(...line: string[]): Promise<string> {
    const { code, out, err } = await this.run(...line)
    if (code !== 0) throw new Error(`${line.join(' ')}: ${err}`)
    return out
  }

  /** A key for one of the people, on that person's stick. */
  async keyFor(person: string): Promise<string> {
    const { publicKey } = JSON.parse(
      await this.ok('--json', ...this.pass(person), 'key', 'make', '--keys', this.path(person)),
    ) as { publicKey: string }
    return publicKey
  }

  /** Carries a request to a person and back; gives the file with the signatures. */
  async signedBy(person: string, request: string): Promise<string> {
    const carried = this.path(`for-${person}.json`)
    copyFileSync(request, carried)
    const { code } = JSON.parse(await this.ok('--json', 'ceremony', 'show', carried)) as { code: string }
    await this.ok(...this.pass(person), 'ceremony', 'sign', carried, '--keys', this.path(person), '--code', code)
    return carried
  }

  root(): { version: number; keyids: string[]; signers: string[] } {
    const { signed, signatures } = JSON.parse(readFileSync(join(this.depot, 'repository/metadata/root.json'), 'utf8'))
    return {
      version: signed.version,
      keyids: signed.roles.root.keyids,
      signers: signatures.map(({ keyid }: { keyid: string }) => keyid),
    }
  }
}

async function madeElsewhere(): Promise<{ office: Office; request: string }> {
  const office = new Office()
  const keys: string[] = []
  for (const person of office.people) {
    const key = await office.keyFor(person)
    keys.push('--key', `root=${key}`, '--key', `policy=${key}`)
  }
  const said = await office.ok('init', '--name', 'Acme', ...keys)
  expect(said).toContain('Nothing is published yet')
  const request = office.path('request.json')
  await office.ok('ceremony', 'export', request)
  return { office, request }
}

async function published(): Promise<Office> {
  const { office, request } = await madeElsewhere()
  for (const person of ['ada', 'ben']) await office.ok('ceremony', 'import', await office.signedBy(person, request))
  await office.ok('publish')
  return office
}

it('a depot whose root and policy keys never were on its machine is published when enough people have signed', async () => {
  const { office, request } = await madeElsewhere()
  const seen = await office.ok('ceremony', 'show', request, '--documents', office.path('read'))
  expect(seen).toMatch(/root, version 1 \(new\)[\s\S]*policy, version 1 \(new\)/)
  expect(readdirSync(office.path('read')).toSorted()).toEqual([
    'policy_audit-recipients.json',
    'policy_console.json',
    'policy_operators.json',
  ])

  expect(await office.ok('ceremony', 'import', await office.signedBy('ada', request))).toContain('root 1: 1 of 2')
  expect(await office.run('publish')).toMatchObject({ code: 1, err: expect.stringContaining('1 of 2') })
  expect(await office.ok('ceremony', 'import', await office.signedBy('cem', request))).toContain('All is signed')
  expect(await office.ok('publish')).toContain('root 1')
  expect(office.root().signers).toHaveLength(2)
  expect(await office.ok('fingerprint')).toMatch(/^[0-9a-f]{64}$/)
  expect(await office.run('ceremony', 'export', request)).toMatchObject({ code: 1 })
})

it('a stolen root key is exchanged: those whom the old root trusts sign, and those of the new one', async () => {
  const office = await published()
  const [lost = ''] = office.root().keyids
  writeFileSync(office.path('dan.pass'), 'dan knows this one\n')
  const fresh = await office.keyFor('dan')
  await office.ok('key', 'rotate', 'root', '--key', lost, '--public-key', fresh)
  const request = office.path('rotation.json')
  expect(await office.ok('ceremony', 'export', request)).toMatch(/root, version 2 \(after 1\)[\s\S]*changes: root/)

  // Dan is nobody to the old root, which wants two of its own.
  expect(await office.ok('ceremony', 'import', await office.signedBy('dan', request))).toContain('1 of 2 and 0 of 2')
  expect(await office.ok('ceremony', 'import', await office.signedBy('ben', request))).toContain('2 of 2 and 1 of 2')
  expect((await office.run('publish')).code).toBe(1)
  await office.ok('ceremony', 'import', await office.signedBy('cem', request))
  await office.ok('publish')
  expect(office.root()).toMatchObject({ version: 2 })
  expect(office.root().keyids).not.toContain(lost)
})

it('what was changed on its way is not signed, and not taken back', async () => {
  const { office, request } = await madeElsewhere()
  const change = (file: string, from: RegExp, to: string) => {
    const text = readFileSync(file, 'utf8')
    expect(text).toMatch(from)
    writeFileSync(file, text.replace(from, to))
  }
  const code = requestCode(readSigningRequest(readFileSync(request), request))

  const other = office.path('other.json')
  copyFileSync(request, other)
  change(other, /"threshold": 2/, '"threshold": 1')
  const sign = (file: string, seen: string) =>
    office.run('ceremony', 'sign', file, '--keys', office.path('ada'), '--code', seen)
  expect(await sign(other, code)).toMatchObject({ code: 1, err: expect.stringContaining('not about what the depot') })

  // Ada looks at the changed file, believes it and signs it: the depot still does not take it.
  expect((await sign(other, requestCode(readSigningRequest(readFileSync(other), other)))).code).toBe(0)
  expect(await office.run('ceremony', 'import', other)).toMatchObject({ code: 1 })

  const worded = office.path('worded.json')
  copyFileSync(request, worded)
  change(worded, /offlineDays\\": ?30|offlineDays\\":30/, 'offlineDays\\":31')
  expect(await sign(worded, code)).toMatchObject({ code: 1, err: expect.stringContaining('policy/console.json') })

  const forged = office.path('forged.json')
  const text = JSON.parse(readFileSync(await office.signedBy('ben', request), 'utf8'))
  for (const file of text.files) {
    const [[key = '']] = [Object.keys(file.signatures)]
    file.signatures[key] = '00'.repeat(64)
  }
  writeFileSync(forged, JSON.stringify(text))
  expect(await office.ok('ceremony', 'import', forged)).toContain('root 1: 0 of 2')
})

it('a depot that moved on asks again, and keeps what still holds', async () => {
  const office = await published()
  const policy = (days: number) => {
    const file = office.path('policy.json')
    const document = {
      format: 'slipway.console-policy/1',
      offlineDays: days,
      auditRetentionDays: 90,
      minimumVersion: '0.1.0',
    }
    writeFileSync(file, JSON.stringify(document))
    return office.ok('policy', 'set', 'console', file)
  }
  await policy(20)
  const request = office.path('policy-2.json')
  await office.ok('ceremony', 'export', request)
  await office.ok('ceremony', 'import', await office.signedBy('ada', request))
  await office.ok('ceremony', 'export', request)
  expect(await office.ok('ceremony', 'import', await office.signedBy('ben', request))).toContain('policy 2: 2 of 2')

  await policy(10)
  expect(await office.run('publish')).toMatchObject({ code: 1, err: expect.stringContaining('0 of 2') })
  await policy(20)
  expect(await office.ok('publish')).toContain('policy 2')
})

it('keys go under another passphrase together, or not at all', async () => {
  const office = new Office(true)
  await office.keyFor('ada')
  const keys = ['--keys', office.path('ada')]
  const [file = ''] = readdirSync(office.path('ada'))
  const before = readFileSync(join(office.path('ada'), file), 'utf8')
  const wrong = ['--passphrase-file', office.path('ben.pass')]
  expect((await office.run(...wrong, 'key', 'protect', ...keys)).code).not.toBe(0)
  expect(readFileSync(join(office.path('ada'), file), 'utf8')).toBe(before)

  const right = ['--passphrase-file', office.path('ada.pass')]
  await office.ok(...right, 'key', 'protect', ...keys, '--new-passphrase-file', office.path('ben.pass'))
  expect((await office.run(...right, 'key', 'protect', ...keys)).code).not.toBe(0)
  expect(await office.ok(...wrong, 'key', 'protect', ...keys)).toContain('lie in the clear')
  expect(JSON.parse(readFileSync(join(office.path('ada'), file), 'utf8')).secret).toMatch(/^[0-9a-f]{64}$/)
})

it('a request that is none is refused in words', async () => {
  const office = new Office()
  mkdirSync(office.path('empty'))
  for (const text of ['', '{', '[]', '{"format":"slipway.signing-request/1","format":"x"}', '\u0000'.repeat(1000)]) {
    writeFileSync(office.path('bad.json'), text)
    const said = await office.run('ceremony', 'show', office.path('bad.json'))
    expect(said).toMatchObject({ code: 6, err: expect.stringContaining('bad.json') })
  }
})
