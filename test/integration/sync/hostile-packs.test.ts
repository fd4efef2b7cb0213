import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sha256Hex } from '../../../electron/host/crypto/hash.ts'
import { isAppError } from '../../../shared/errors.ts'
import { toInstant } from '../../../shared/model/text.ts'
import { harbour, issue, NOW, packed, repository, ship } from '../../fixtures/packs.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'
import { makeSigner } from '../../fixtures/tuf/signer.ts'
import { IMAGE } from '../../fixtures/tuf/slipway-repository.ts'

interface Stick {
  readonly pack: string
  readonly repo: ReturnType<typeof repository>
  /** A file of the pack whose name matches. */
  find(folder: string, name: RegExp): string
}

interface Attack {
  readonly name: string
  readonly does: (stick: Stick) => void | Promise<void>
  /** What the console says: the whole pack is refused, or only its artifact. */
  readonly refused?: RegExp
  readonly artifact?: RegExp
  readonly only?: NodeJS.Platform[]
}

const unix: NodeJS.Platform[] = ['linux', 'darwin']
const image = (stick: Stick) => stick.find('targets/artifacts', /crane/)
const timestamp = ({ pack }: Stick) => join(pack, 'metadata/timestamp.json')

function linked(path: string, to: string): void {
  rmSync(path, { recursive: true })
  symlinkSync(to, path)
}

/** A file in its place: the same name, other bytes. */
function changed(path: string, change: (bytes: Buffer) => Buffer): void {
  writeFileSync(path, change(readFileSync(path)))
}
const flipped = (bytes: Buffer) => {
  const copy = Buffer.from(bytes)
  const at = Math.floor(copy.length / 2)
  copy[at] = (copy[at] ?? 0) ^ 0x20
  return copy
}
const resigned = (path: string, change: (metadata: { signed: Record<string, unknown> }) => void) =>
  changed(path, (bytes) => {
    const metadata = JSON.parse(bytes.toString())
    change(metadata)
    return Buffer.from(JSON.stringify(metadata))
  })

const ATTACKS: readonly Attack[] = [
  {
    name: 'the metadata folder is a link to elsewhere',
    does: ({ pack }) => {
      const elsewhere = join(tempDir(), 'metadata')
      renameSync(join(pack, 'metadata'), elsewhere)
      symlinkSync(elsewhere, join(pack, 'metadata'))
    },
    refused: /^pack\.bad-file$/,
  },
  {
    name: 'the timestamp is a link to a file of this laptop',
    does: (stick) => linked(timestamp(stick), '/etc/passwd'),
    refused: /^pack\.bad-file$/,
    only: unix,
  },
  {
    name: 'the artifact is a link to a file of this laptop',
    does: (stick) => linked(image(stick), '/etc/passwd'),
    artifact: /^pack\.bad-file$/,
    only: unix,
  },
  {
    name: 'the artifact is a link to the right bytes',
    does: (stick) => {
      const elsewhere = join(tempDir(), 'image')
      cpSync(image(stick), elsewhere)
      linked(image(stick), elsewhere)
    },
    artifact: /^pack\.bad-file$/,
  },
  {
    name: 'the timestamp is a pipe that nobody writes to',
    does: (stick) => {
      rmSync(timestamp(stick))
      execFileSync('mkfifo', [timestamp(stick)])
    },
    refused: /^pack\.bad-file$/,
    only: unix,
  },
  {
    name: 'the artifact is a pipe',
    does: (stick) => {
      const path = image(stick)
      rmSync(path)
      execFileSync('mkfifo', [path])
    },
    artifact: /^pack\.bad-file$/,
    only: unix,
  },
  {
    name: 'the artifact is a link to an endless device',
    does: (stick) => linked(image(stick), '/dev/zero'),
    artifact: /^pack\.bad-file$/,
    only: unix,
  },
  {
    name: 'the artifact is a folder',
    does: (stick) => {
      const path = image(stick)
      rmSync(path)
      mkdirSync(path)
    },
    artifact: /^pack\.bad-file$/,
  },
  {
    name: 'one bit of the artifact differs',
    does: (stick) => changed(image(stick), flipped),
    artifact: /^trust\.hash-mismatch$/,
  },
  {
    name: 'the artifact goes on after its end',
    does: (stick) => changed(image(stick), (bytes) => Buffer.concat([bytes, Buffer.alloc(5_000_000)])),
    artifact: /^trust\.length-mismatch$/,
  },
  {
    name: 'the artifact ends early',
    does: (stick) => changed(image(stick), (bytes) => bytes.subarray(0, 5)),
    artifact: /^trust\.length-mismatch$/,
  },
  {
    name: 'a plan says something else than what was signed',
    does: (stick) => changed(stick.find('targets/plans', /json$/), flipped),
    refused: /^trust\.(?:hash|length)-mismatch$/,
  },
  {
    name: 'a plan is missing',
    does: (stick) => rmSync(stick.find('targets/plans', /json$/)),
    refused: /^sync\.not-found$/,
  },
  {
    name: 'the timestamp claims to be later than it was signed',
    does: (stick) =>
      resigned(timestamp(stick), ({ signed }) => {
        signed['x-issued-at'] = toInstant(NOW + 3_600_000)
      }),
    refused: /^trust\.threshold$/,
  },
  {
    name: 'the timestamp does not say when it was issued',
    does: (stick) =>
      resigned(timestamp(stick), ({ signed }) => {
        delete signed['x-issued-at']
      }),
    refused: /^trust\.bad-metadata$/,
  },
  {
    name: 'the timestamp is signed by somebody else',
    does: (stick) => {
      issue(stick.repo, NOW + 1000)
      writeFileSync(timestamp(stick), stick.repo.sign('timestamp', [makeSigner()]))
    },
    refused: /^trust\.threshold$/,
  },
  {
    name: 'the timestamp is larger than any timestamp',
    does: (stick) => changed(timestamp(stick), (bytes) => Buffer.concat([bytes, Buffer.alloc(8_000_000, ' ')])),
    refused: /^trust\.too-large$/,
  },
  {
    name: 'the timestamp is nested deeper than any reader goes',
    does: (stick) => writeFileSync(timestamp(stick), '['.repeat(15_000)),
    refused: /^trust\.bad-/,
  },
  {
    name: 'the timestamp is a web page',
    does: (stick) => writeFileSync(timestamp(stick), '<!doctype html><title>Log in</title>'),
    refused: /^trust\.bad-/,
  },
  {
    name: 'the timestamp is empty',
    does: (stick) => writeFileSync(timestamp(stick), ''),
    refused: /^trust\.bad-/,
  },
  {
    name: 'the snapshot is of another day than the timestamp',
    does: (stick) => {
      const { repo, pack } = stick
      const name = stick.find('metadata', /\.snapshot\.json$/)
      issue(repo, NOW + 1000)
      writeFileSync(name, repo.file(`${repo.snapshot.version}.snapshot.json`))
      expect(readdirSync(join(pack, 'metadata')).length).toBeGreaterThan(4)
    },
    refused: /^trust\./,
  },
  {
    name: 'a delegated role is one that never belonged here',
    does: (stick) => {
      const other = repository()
      writeFileSync(stick.find('metadata', /\.plans\.json$/), other.sign('plans'))
    },
    refused: /^trust\./,
  },
  {
    name: 'a new root is signed by its own keys alone',
    does: ({ pack }) => {
      const other = repository()
      other.root.version = 2
      writeFileSync(join(pack, 'metadata/2.root.json'), other.sign('root'))
    },
    refused: /^trust\.threshold$/,
  },
]

const here = ATTACKS.filter(({ only }) => only === undefined || only.includes(process.platform))

test.for(here)('$name', async ({ does, refused = /^$/, artifact = /^$/ }) => {
  const { pack, stick, repo, fingerprint } = await packed()
  const find = (folder: string, name: RegExp) => {
    const found = readdirSync(join(pack, folder)).find((each) => name.test(each))
    if (!found) throw new Error(`no ${name} in ${folder}`)
    return join(pack, folder, found)
  }
  const victim = await ship()
  await victim.packs.adopt(stick, fingerprint, 'anna')
  await does({ pack, repo, find })

  const nothing = { artifacts: 0, toFetch: 0, refused: [] }
  const said = await victim.packs.take(stick, 'anna').then(
    (taken) => ({ ...taken, pack: '' }),
    (error: unknown) => ({ ...nothing, pack: isAppError(error) ? error.code : String(error) }),
  )
  expect(said.pack).toMatch(refused)
  expect(said.refused[0]?.reason.code ?? '').toMatch(artifact)
  // A whole pack is refused as a whole; one bad file leaves what is signed beside it.
  const trusted = said.pack === ''
  expect(said).toMatchObject({ artifacts: 0, toFetch: trusted ? IMAGE.length : 0 })
  expect(victim.library.current()?.plans.size ?? 0).toBe(trusted ? 1 : 0)
  expect(victim.artifacts.has(sha256Hex(IMAGE))).toBe(false)

  // Nothing of it stays in the way of an honest one.
  const honest = await harbour(repo)
  issue(repo, NOW + 3000)
  honest.clock.advance(3000)
  await honest.sync.start('kari')
  await honest.packs.make(honest.stick, null, 'kari')
  expect(await victim.packs.take(honest.stick, 'anna')).toMatchObject({ artifacts: 1, refused: [], toFetch: 0 })
})

test('what nobody signed for is not copied', async () => {
  const { pack, stick, fingerprint } = await packed()
  writeFileSync(join(pack, 'targets/artifacts/autorun.exe'), 'MZ')
  writeFileSync(join(pack, 'metadata/9.evil.json'), '{}')
  const { packs, dir } = await ship()
  await packs.adopt(stick, fingerprint, 'anna')
  expect(await packs.take(stick, 'anna')).toMatchObject({ artifacts: 1, refused: [] })
  const files = readdirSync(join(dir, 'artifacts'), { recursive: true, withFileTypes: true })
  expect(files.filter((file) => file.isFile()).map(({ name }) => name)).toEqual([sha256Hex(IMAGE)])
})

test('a manifest that lies changes nothing but words', async () => {
  const { pack, stick, fingerprint, url } = await packed()
  const { packs } = await ship()
  const lie = (text: string) => writeFileSync(join(pack, 'pack.json'), text)
  const manifest = JSON.parse(readFileSync(join(pack, 'pack.json'), 'utf8'))
  lie('{"format": "slipway.pack/2"}')
  await expect(packs.look(stick)).rejects.toMatchObject({ code: 'document.unknown-format' })
  lie(JSON.stringify({ ...manifest, url: 'file:///etc/' }))
  await expect(packs.adopt(stick, fingerprint, 'anna')).rejects.toMatchObject({ code: 'sync.bad-url' })
  lie('not JSON')
  await expect(packs.look(stick)).rejects.toMatchObject({ code: 'document.invalid' })
  lie(JSON.stringify({ ...manifest, artifacts: [{ target: '../../x', length: 1, sha256: 'ab'.repeat(32) }] }))
  await packs.adopt(stick, fingerprint, 'anna')
  expect(await packs.take(stick, 'anna')).toMatchObject({ artifacts: 1 })
  expect(url).toMatch(/^http:/)
})

test('a pack is not written through a link that lies in its way', async () => {
  const at = await harbour()
  const elsewhere = tempDir()
  mkdirSync(join(at.stick, 'slipway-pack'))
  symlinkSync(elsewhere, join(at.stick, 'slipway-pack', 'metadata'))
  await expect(at.packs.make(at.stick, null, 'kari')).rejects.toMatchObject({ code: 'pack.bad-file' })
  expect(readdirSync(elsewhere)).toEqual([])
})
