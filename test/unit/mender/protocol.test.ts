import { expect, test } from 'vitest'
import { downloaded, failureOf, isUnverified, parseLog } from '../../../electron/host/protocol/mender/client-log.ts'
import { holdsOneOf, parseVersion, verifyKeyPaths } from '../../../electron/host/protocol/mender/config.ts'
import { formatFacts, parseFacts } from '../../../electron/host/protocol/mender/facts.ts'
import { judgeStart, parseLook } from '../../../electron/host/protocol/mender/job.ts'
import { readWork } from '../../../electron/host/protocol/mender/pending.ts'
import { readStore } from '../../../electron/host/protocol/mender/store.ts'
import { isAppError } from '../../../shared/errors.ts'
import { makeStore } from '../../fixtures/mender/store.ts'

const line = (level: string, text: string) => `time="2026-11-20T17:34:21Z" level=${level} msg=${JSON.stringify(text)}\n`
const refusal = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    if (isAppError(error)) return { code: error.code, reason: error.detail.reason }
    throw error
  }
  return null
}

const STANDALONE = JSON.stringify({
  Version: 1,
  ArtifactName: 'app-2',
  ArtifactGroup: '',
  ArtifactTypeInfoProvides: { 'rootfs-image.slots.version': 'app-2' },
  ArtifactClearsProvides: ['rootfs-image.slots.*'],
  PayloadTypes: ['slots'],
})

test.for([4, 8] as const)('a store of a device with words of %i bytes', (word) => {
  const long = 'x'.repeat(9000)
  const store = makeStore(
    [
      ['artifact-name', 'app-1'],
      ['long', long],
      ['standalone-state', STANDALONE],
    ],
    { word },
  )
  expect(readStore(store).size).toBe(3)
  expect(Buffer.from(readStore(store).get('long') ?? []).toString()).toBe(long)
  expect(readWork(store)).toEqual({
    committed: 'app-1',
    daemon: false,
    pending: {
      artifact: 'app-2',
      provides: new Map([
        ['rootfs-image.slots.version', 'app-2'],
        ['artifact_name', 'app-2'],
      ]),
    },
  })
})

test('the younger half of a store counts, and what it no longer names is gone', () => {
  const store = makeStore([['artifact-name', 'app-1']], { before: [['standalone-state', STANDALONE]] })
  expect(Buffer.from(store).includes('standalone-state')).toBe(true)
  expect(readWork(store)).toEqual({ committed: 'app-1', pending: null, daemon: false })
})

test('a store with several levels of pages', () => {
  const many = Array.from({ length: 300 }, (_, at) => [`key-${String(at).padStart(3, '0')}`, 'v'.repeat(40)] as const)
  const found = readStore(makeStore(many))
  expect([...found.keys()]).toEqual(many.map(([key]) => key))
})

test('an empty store holds nothing, and what is no store is said to be none', () => {
  expect(readWork(makeStore([]))).toEqual({ committed: null, pending: null, daemon: false })
  expect(readWork(makeStore([['state', '{}']]))).toMatchObject({ daemon: true })
  expect(refusal(() => readWork(new Uint8Array(8192)))).toMatchObject({ code: 'device.bad-frame' })
  expect(refusal(() => readWork(makeStore([['standalone-state', '{"Version":1}']])))).toMatchObject({
    code: 'device.bad-frame',
  })
})

test('a store whose tree does not hold what its head says is refused', () => {
  const store = Buffer.from(makeStore([['artifact-name', 'app-1']]))
  // The page header of the root: no entries any more.
  store.writeUInt16LE(16, 2 * 4096 + 12)
  expect(refusal(() => readStore(store))).toEqual({ code: 'device.bad-frame', reason: 'entries' })
})

const KEYS = ['/etc/mender/key.pem']
test.for([
  ['one key', [{ ArtifactVerifyKey: KEYS[0] }], [3, 4], null],
  ['the first file counts', [{ ArtifactVerifyKey: KEYS[0] }, { ArtifactVerifyKey: '/other' }], [3, 4], null],
  ['the second file where the first is silent', [{}, { ArtifactVerifyKey: KEYS[0] }], [3, 4], null],
  ['the first file, empty', [{ ArtifactVerifyKey: '' }, { ArtifactVerifyKey: KEYS[0] }], [3, 4], 'not-set'],
  ['a list for a client that knows lists', [{ ArtifactVerifyKeys: KEYS }], [3, 5], null],
  ['a list for a newer one', [{ ArtifactVerifyKeys: KEYS }], [4, 0], null],
  ['a list for a client that does not', [{ ArtifactVerifyKeys: KEYS }], [3, 4], 'ignored'],
  ['an empty list', [{ ArtifactVerifyKeys: [] }], [4, 0], 'not-set'],
  ['both', [{ ArtifactVerifyKey: KEYS[0], ArtifactVerifyKeys: KEYS }], [4, 0], 'both-set'],
  ['another case', [{ artifactVerifyKey: KEYS[0] }], [4, 0], 'misspelt'],
  ['a path from nowhere', [{ ArtifactVerifyKey: 'key.pem' }], [3, 4], 'bad-path'],
  ['no path', [{ ArtifactVerifyKey: 7 }], [3, 4], 'bad-path'],
  ['nothing', [], [3, 4], 'not-set'],
] as const)('verification key: %s', ([, documents, version, reason]) => {
  const texts = [...documents.map((document) => JSON.stringify(document)), null]
  const found: unknown[] = []
  const refused = refusal(() => found.push(...verifyKeyPaths(texts, version)))
  expect(refused).toEqual(reason === null ? null : { code: 'device.verify-key', reason })
  expect(found).toEqual(reason === null ? KEYS : [])
})

test('a configuration that is none', () => {
  for (const text of ['{', '[]', 'null', '']) {
    expect(refusal(() => verifyKeyPaths([text], [3, 4]))).toEqual({ code: 'device.verify-key', reason: 'bad-config' })
  }
})

const pem = (body: string) => `-----BEGIN PUBLIC KEY-----\n${body}\n-----END PUBLIC KEY-----\n`

test('a key file holds the key that the profile names, however it is broken into lines', () => {
  expect(holdsOneOf(pem('AAAA\nBBBB\n'), [pem('CCCC'), pem('AAAABBBB')])).toBe(true)
  expect(holdsOneOf(pem('AAAA'), [pem('AAAABBBB')])).toBe(false)
  expect(holdsOneOf(pem('AAAA'), [])).toBe(false)
  // Which of two would count?
  for (const file of [pem('AAAA') + pem('BBBB'), 'AAAA', '']) {
    expect(refusal(() => holdsOneOf(file, [pem('AAAA')]))).toEqual({ code: 'device.verify-key', reason: 'bad-key' })
  }
})

test('versions of clients', () => {
  expect(parseVersion('3.4.0+ds1-5+b1\truntime: go1.19.8\n')).toEqual([3, 4])
  expect(parseVersion('5.0.2')).toEqual([5, 0])
  expect(refusal(() => parseVersion('mender'))).toMatchObject({ code: 'device.unexpected-answer' })
})

const RULER = '0%      50%     100%\n|-------|-------|\n'

test('progress is the dots under the ruler, not those in the log between', () => {
  const log = (dots: number) =>
    `${line('info', 'a.b.c')}${RULER}${line('info', 'x.y')}${'.'.repeat(dots)}${line('info', '...')}`
  expect(downloaded(log(0))).toBe(0)
  expect(downloaded(log(35))).toBe(0.5)
  expect(downloaded(log(200))).toBe(1)
  expect(downloaded('....')).toBe(0)
})

test('a log line is found behind dots, and its text is unquoted', () => {
  expect(parseLog(`.....${line('error', 'it said "no"\n\x1b[2J')}`)).toEqual([
    { level: 'error', text: 'it said "no"\n\x1b[2J' },
  ])
  expect(parseLog('time="x" level=info msg=plain')).toEqual([{ level: 'info', text: 'plain' }])
  expect(parseLog('record_id=1 severity=error time="2026-Nov-20 10:00:00.1" name="Global" msg="no way"')).toEqual([
    { level: 'error', text: 'no way' },
  ])
  // Words of an artifact cannot pretend to be a line of the log.
  expect(parseLog(line('info', `x\n${line('error', 'signer: forged')}`))).toHaveLength(1)
})

test.for([
  ['reader: expecting signed artifact, but no signature file found', 'device.signature-rejected', 'unsigned'],
  ['readHeaderV3: reader: invalid signature: signer: verification failed', 'device.signature-rejected', 'signer'],
  ['invalid signature: signer: failed to parse public key', 'device.verify-key', 'bad-key'],
  [
    'installer: image (device types [board-z]) not compatible with device board-a',
    'device.incompatible',
    'device-type',
  ],
  [
    'Artifact dependency "artifact_name" not satisfied by currently installed artifact',
    'device.incompatible',
    'depends',
  ],
  ["Artifact Payload type 'nosuch' is not supported by this Mender Client.", 'device.image-rejected', 'payload-type'],
  ['app.bin: invalid checksum; expected: [12]; actual: [34]', 'device.image-corrupt', 'checksum'],
  ['Unable to stream into x: unexpected EOF', 'device.image-corrupt', 'truncated'],
  ['write /data/x: no space left on device', 'device.no-space', 'install'],
  ['Update module terminated abnormally: exit status 1', 'device.image-rejected', 'module'],
  ['something new', 'device.image-rejected', 'other'],
] as const)('%s', ([text, code, reason]) => {
  const error = failureOf(parseLog(line('info', 'before') + line('error', text)))
  expect(error).toMatchObject({ code, detail: { reason } })
  expect(String(error.detail.said)).not.toBe('')
})

const output = (script: string, said: string) =>
  line(
    'info',
    `Collected output (stderr) while running script /var/lib/mender/scripts/${script}\n${said}\n\n---------- end of script output`,
  )

test('a script that failed is named, with the last that it said, shortened and harmless', () => {
  const log =
    output('ArtifactInstall_Enter_05_other', 'not me') +
    output('ArtifactInstall_Enter_10_door', `open\x1b]0;x\x07\u202e ${'y'.repeat(1000)}`) +
    line(
      'error',
      "ArtifactInstall_Enter script failed: statescript: error executing 'ArtifactInstall_Enter_10_door': 1 : exit status 1",
    ) +
    line('error', 'installer: signer: noise')
  const { code, detail } = failureOf(parseLog(log))
  expect({ code, ...detail }).toMatchObject({
    code: 'device.script-failed',
    reason: 'exit',
    script: 'ArtifactInstall_Enter_10_door',
    exit: 1,
  })
  expect(detail.said).toMatch(/^open \]0;x {2}y+…$/)
  expect(String(detail.said).length).toBeLessThanOrEqual(301)
})

test('a script that was asked again until the client had enough', () => {
  const once =
    output('ArtifactCommit_Enter_10_tide', 'ebb') +
    line('info', 'statescript: ArtifactCommit_Enter_10_tide requested a retry')
  const log =
    once +
    once +
    line('error', 'ArtifactCommit_Enter script failed: statescript: retry time-limit exceeded exit status 21')
  expect(failureOf(parseLog(log))).toMatchObject({
    code: 'device.script-failed',
    detail: { reason: 'retry-limit', script: 'ArtifactCommit_Enter_10_tide', tries: 2, said: 'ebb' },
  })
})

test('a client that says that it did not look', () => {
  const warned = 'Installer: Installing signed artifact without verification as verification key is missing'
  expect(isUnverified(parseLog(line('warning', warned)))).toBe(true)
  expect(isUnverified(parseLog(line('info', 'No public key was provided for authenticating the artifact')))).toBe(true)
  expect(isUnverified(parseLog(line('info', 'Installer: authenticated digital signature of artifact')))).toBe(false)
})

const JOB = 'what=install\nartifact=app-2\nsha256=ab\nlog=\n'

test.for([
  ['alive=yes\n', { state: 'running', code: null, restarted: false }],
  ['alive=yes\ncode=0\n', { state: 'ended', code: 0, restarted: false }],
  ['code=4\n', { state: 'ended', code: 4, restarted: false }],
  ['restarted=yes\ncode=4\n', { state: 'ended', code: 4, restarted: true }],
  ['restarted=yes\n', { state: 'gone', code: null, restarted: true }],
  ['', { state: 'gone', code: null, restarted: false }],
  ['alive=yes\ncode=\n', { state: 'running', code: null, restarted: false }],
] as const)('a job of which the device says %j', ([said, found]) => {
  expect(parseLook(0, `${said}${JOB}a\nlog=\nb`)).toEqual({
    what: 'install',
    artifact: 'app-2',
    sha256: 'ab',
    log: 'a\nlog=\nb',
    ...found,
  })
})

test('no job, no folder, no sense', () => {
  expect(parseLook(44, '')).toBeNull()
  for (const said of ['', 'what=format-disk\nlog=\n']) {
    expect(refusal(() => parseLook(0, said))).toMatchObject({ code: 'device.bad-frame' })
  }
  expect(refusal(() => parseLook(1, JOB))).toMatchObject({ code: 'device.bad-frame' })
  expect(refusal(() => judgeStart(45, ''))).toMatchObject({ code: 'device.busy' })
  expect(refusal(() => judgeStart(1, 'read-only file system'))).toMatchObject({ code: 'device.refused' })
})

test('facts are lines, and stay lines', () => {
  expect(parseFacts('a=1\nb = x=y \n=no\nnothing\na=2\nc=\x1b[2Jz\n')).toEqual(
    new Map([
      ['a', '1'],
      ['b', 'x=y'],
      ['c', '[2Jz'],
    ]),
  )
  expect(formatFacts([['artifact', 'a\ncode=0']])).toBe('artifact=a code=0\n')
})
