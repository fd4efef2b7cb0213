import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from '../../../electron/cli/cli.ts'
import { processIo } from '../../../electron/cli/io.ts'
import { generateEd25519, signEd25519 } from '../../../electron/host/crypto/ed25519.ts'
import { enrolmentPayload } from '../../../electron/host/trust/enrolment.ts'
import { toInstant } from '../../../shared/model/text.ts'
import { cranePlan, craneProfile } from '../../fixtures/crane.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'

const DAY = 86_400_000

/** The command line on a fresh folder; gives the exit code and what was said. */
function shell() {
  const dir = tempDir()
  const depotDir = join(dir, 'depot')
  const run = async (
    line: readonly string[],
    options: { signal?: AbortSignal; secret?: string; onOut?: (line: string) => void } = {},
  ) => {
    const out: string[] = []
    const err: string[] = []
    const io = {
      out: (text: string) => {
        out.push(text)
        options.onOut?.(text)
      },
      err: (text: string) => void err.push(text),
      status: () => {},
      inputIsTerminal: false,
      columns: 100,
      askSecret: async () => options.secret ?? '',
      read: (path: string) => processIo().read(path),
    }
    const never = () => Promise.reject(new Error('no host is needed'))
    const code = await runCli(['depot', '--depot', depotDir, ...line], {
      io,
      signal: options.signal ?? new AbortController().signal,
      openHost: never,
      runHost: never,
    })
    return { code, out, err, text: out.join('\n') }
  }
  const file = (name: string, content: unknown) => {
    const path = join(dir, name)
    writeFileSync(path, content instanceof Uint8Array ? content : JSON.stringify(content))
    return path
  }
  return { run, file, dir, depotDir }
}

async function made() {
  const world = shell()
  expect((await world.run(['init', '--name', 'Acme'])).code).toBe(0)
  return world
}

describe('slipway depot', () => {
  it('carries a publication through, from nothing to a fingerprint', async () => {
    const { run, file } = shell()
    const init = await run(['init', '--name', 'Acme', '--offline-days', '14'])
    expect(init.code).toBe(0)
    const fingerprint = (await run(['fingerprint'])).out[0]!
    expect(init.text).toContain(fingerprint)
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/)
    const soon = { notBefore: toInstant(Date.now()), expires: toInstant(Date.now() + DAY) }
    const steps: string[][] = [
      ['profile', 'add', file('profile.json', craneProfile())],
      [
        'site',
        'add',
        file('site.json', { format: 'slipway.site/1', id: 'harbour', title: 'Harbour', zone: 'UTC', devices: [] }),
      ],
      [
        'artifact',
        'add',
        file('crane-2.5.0.bin', Buffer.from('crane')),
        '--kind',
        'raw',
        '--component',
        'app',
        '--type',
        'acme-crane',
        '--release',
        '2.5.0',
      ],
      ['plan', 'add', file('plan.json', cranePlan(soon))],
    ]
    for (const step of steps) expect(await run(step)).toMatchObject({ code: 0, err: [] })
    expect((await run(['status'])).text).toContain('plans/crane-2.5.0.json')
    expect((await run(['publish'])).out).toEqual([
      'policy 2',
      'sites 2',
      'plans 2',
      'artifacts 2',
      'snapshot 2',
      'timestamp 2',
    ])
    expect((await run(['status'])).text).not.toContain('Not published')
    expect((await run(['plan', 'list'])).out).toEqual(['crane-2.5.0'])
    expect((await run(['artifact', 'list'])).text).toContain('artifacts/crane-2.5.0.bin')
    expect((await run(['refresh'])).out).toEqual(['timestamp 3'])
    expect((await run(['policy', 'show', 'console'])).text).toContain('"offlineDays": 14')
    expect((await run(['plan', 'remove', 'crane-2.5.0'])).code).toBe(0)
    expect((await run(['artifact', 'remove', 'crane-2.5.0.bin'])).code).toBe(0)
    expect(JSON.parse((await run(['--json', 'publish'])).text)).toEqual({
      plans: 3,
      artifacts: 3,
      snapshot: 3,
      timestamp: 4,
    })
  })

  it('lets people in and out', async () => {
    const { run, file } = await made()
    const [person, laptop] = [generateEd25519(), generateEd25519()]
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
    const unsigned = {
      format: 'slipway.enrolment/1' as const,
      operator: { id: 'kari', name: 'Kari', publicKey: hex(person.publicKey) },
      console: { id: 'laptop-7', name: 'Laptop', publicKey: hex(laptop.publicKey) },
      time: 1,
    }
    const payload = enrolmentPayload(unsigned)
    const request = file('request.json', {
      ...unsigned,
      operatorSignature: hex(signEd25519(person.secretKey, payload)),
      consoleSignature: hex(signEd25519(laptop.secretKey, payload)),
    })
    const grant = [
      '--role',
      'technician',
      '--role',
      'supervisor',
      '--until',
      '2030-01-01T00:00:00Z',
      '--site',
      'harbour',
    ]
    expect((await run(['operator', 'add', request, ...grant])).out[0]).toContain('kari may technician, supervisor')
    expect(JSON.parse((await run(['operator', 'list', '--json'])).text)).toMatchObject({
      operators: [{ id: 'kari', roles: ['technician', 'supervisor'], sites: ['harbour'], deviceTypes: ['*'] }],
      consoles: [{ id: 'laptop-7' }],
    })
    expect((await run(['operator', 'lease', 'kari', '2031-01-01T00:00:00Z'])).code).toBe(0)
    expect((await run(['operator', 'lease', 'kari', 'tomorrow'])).code).toBe(6)
    expect((await run(['operator', 'remove', 'kari'])).code).toBe(0)
    expect((await run(['operator', 'remove', 'kari'])).code).toBe(3)
    expect((await run(['operator', 'add', request, '--role', 'king', '--until', '2030-01-01T00:00:00Z'])).code).toBe(6)
  })

  it('rotates and revokes keys by name', async () => {
    const { run } = await made()
    const keys = JSON.parse((await run(['key', 'list', '--json'])).text) as {
      role: string
      keys: { keyid: string }[]
    }[]
    const policy = keys.find(({ role }) => role === 'policy')!.keys
    expect((await run(['key', 'rotate', 'root'])).code).toBe(0)
    expect((await run(['key', 'revoke', policy[0]!.keyid])).code).toBe(0)
    expect((await run(['publish'])).out).toEqual(expect.arrayContaining(['root 2', 'targets 2']))
    expect((await run(['key', 'revoke', policy[1]!.keyid])).err.join()).toContain('Too few keys')
    expect((await run(['key', 'rotate', 'king'])).code).not.toBe(0)
  })

  it('asks for a passphrase or reads it, and takes none from the command line', async () => {
    const { run, file } = shell()
    const secret = file('secret', Buffer.from('correct horse\n'))
    expect((await run(['--passphrase-file', secret, 'init', '--name', 'Acme'])).code).toBe(0)
    expect((await run(['publish'])).code).toBe(3)
    expect((await run(['publish', '--ask-passphrase'], { secret: 'wrong' })).code).toBe(3)
    expect((await run(['publish', '--ask-passphrase'], { secret: 'correct horse' })).code).toBe(0)
    expect((await run(['publish', '--passphrase', 'correct horse'])).code).toBe(2)
  }, 120_000)

  it('says what is wrong, with an exit code that a script can branch on', async () => {
    const { run, file, dir } = shell()
    expect((await run(['publish'])).err[0]).toContain('There is no depot in that folder')
    await run(['init', '--name', 'Acme'])
    expect((await run(['init', '--name', 'Acme'])).err[0]).toContain('There is a depot in that folder already')
    expect((await run(['plan', 'add', join(dir, 'nothing.json')])).code).toBe(11)
    expect((await run(['plan', 'add', file('no.json', Buffer.from('{"id":1,"id":2}'))])).code).toBe(6)
    expect((await run(['plan', 'add', file('bad.json', { id: 'x' })])).code).toBe(6)
    expect((await run(['plan', 'add', file('odd.json', cranePlan())])).err.join()).toContain('device.no-profile')
    expect((await run(['fly'])).code).toBe(2)
    expect((await run(['artifact', 'add', 'x', '--kind', 'tar', '--component', 'a', '--type', 'b'])).code).toBe(2)
    expect((await run(['--help'])).text).toContain('fingerprint')
  })

  it('serves until it is told to stop', async () => {
    const { run } = await made()
    const stop = new AbortController()
    let status = 0
    const look = async (url: string) => {
      status = (await fetch(url)).status
      stop.abort()
    }
    const served = await run(['serve', '--port', '0'], {
      signal: stop.signal,
      onOut(line) {
        const url = /Serving at (.+)/.exec(line)?.[1]
        if (url) {
          void look(`${url}/metadata/timestamp.json`)
        }
      },
    })
    expect([served.code, status]).toEqual([0, 200])
  })

  it('shows the audit logs that it holds', async () => {
    const { run } = await made()
    expect(await run(['audit', 'list'])).toMatchObject({ code: 0, out: [] })
    expect((await run(['audit', 'verify'])).out).toEqual(['all that is held verifies'])
  })
})
