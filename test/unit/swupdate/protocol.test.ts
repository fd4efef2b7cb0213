import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { scalarAt } from '../../../electron/host/device/pointer.ts'
import { answerChallenge, parseChallenge } from '../../../electron/host/protocol/swupdate/digest.ts'
import { parseMessage } from '../../../electron/host/protocol/swupdate/messages.ts'
import { multipartFrame } from '../../../electron/host/protocol/swupdate/multipart.ts'
import { uploadName } from '../../../electron/host/protocol/swupdate/upload-name.ts'
import {
  failure,
  NOT_BEGUN,
  nextState,
  type UpdateState,
  verdictOf,
} from '../../../electron/host/protocol/swupdate/verdict.ts'
import { fileIn } from '../../../electron/sim/swupdate/multipart-file.ts'
import { isAppError } from '../../../shared/errors.ts'

test('digest: the example of RFC 2617 3.5', () => {
  const header =
    'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"'
  const challenge = parseChallenge(header)
  expect(challenge).toMatchObject({ realm: 'testrealm@host.com', opaque: '5ccc069c403ebaf9f0171e9517f40e41' })
  if (!challenge) return
  const answer = answerChallenge(challenge, {
    username: 'Mufasa',
    password: 'Circle Of Life',
    method: 'GET',
    uri: '/dir/index.html',
    count: 1,
    cnonce: '0a4f113b',
  })
  expect(answer).toContain('response="6629fae49393a05397450978507c4ef1"')
  expect(answer).toContain('nc=00000001')
  expect(answer).not.toContain('Circle')
})

test('digest: the challenge that SWUpdate sends', () => {
  expect(parseChallenge('Digest qop="auth", realm="swupdate", nonce="65a1b2c3"')).toEqual({
    realm: 'swupdate',
    nonce: '65a1b2c3',
    opaque: null,
    stale: false,
  })
})

test.each([
  'Basic realm="x"',
  'Digest realm="x"',
  'Digest realm="x", nonce="n"',
  'Digest realm="x", nonce="n", qop="auth", algorithm=SHA-256',
  'Bearer',
  '',
])('%j is not answered: it would give the password away', (header) => {
  expect(parseChallenge(header)).toBeNull()
})

test('a file that is framed is the file that is found, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string(), fc.uint8Array({ maxLength: 300 }), (name, bytes) => {
      const { head, tail, contentType } = multipartFrame(name, 'a1b2c3d4e5f6a1b2c3d4e5f6')
      const file = fileIn(Buffer.concat([head, bytes, tail]), contentType)
      expect(file && Buffer.compare(file, bytes)).toBe(0)
      expect(Buffer.from(head).toString('latin1').split('\r\n')).toHaveLength(5)
    }),
  )
})

const frame = (fields: object) => JSON.stringify(fields)

test('messages as the daemon prints them', () => {
  expect(parseMessage('{\r\n\t"type": "message",\r\n\t"level": "3",\r\n\t"text": "ERROR : x"\r\n}\r\n')).toEqual({
    type: 'text',
    level: 3,
    text: 'ERROR : x',
  })
  expect(parseMessage(frame({ type: 'step', number: '2', step: '1', name: 'app.img', percent: '37' }))).toEqual({
    type: 'step',
    step: 1,
    of: 2,
    percent: 37,
    name: 'app.img',
  })
  expect(parseMessage(frame({ type: 'info', source: 'good-newc.swuON" : "1.0.1"}}' }))).toEqual({
    type: 'info',
    text: 'good-newc.swuON" : "1.0.1"}}',
  })
  expect(parseMessage(frame({ type: 'source', source: 'WEBSERVER' }))).toBeNull()
})

test('any frame is a message or nothing', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => parseMessage(text) === null || true))
})

const NAME = 'winch-1.1.0.5f3a91c0.swu'

const play = (frames: readonly object[], from: UpdateState = NOT_BEGUN) =>
  frames.reduce<UpdateState>((state, one) => {
    const message = parseMessage(frame(one))
    return message ? nextState(state, message, NAME) : state
  }, from)
const status = (word: string) => ({ type: 'status', status: word })
const error = (text: string) => ({ type: 'message', level: '3', text })

test('a good run, in the order seen on the real daemon', () => {
  const state = play([
    { type: 'message', level: '6', text: 'Software Update started !' },
    status('START'),
    status('RUN'),
    status('DOWNLOAD'),
    status('RUN'),
    { type: 'step', number: '2', step: '1', name: 'app.img', percent: '50' },
    { type: 'step', number: '2', step: '3', name: '', percent: '0' },
    status('SUCCESS'),
    status('DONE'),
  ])
  expect(state).toMatchObject({ phase: 'success', errors: [], installed: 1 })
})

test("a success before our own start is somebody else's", () => {
  expect(play([status('SUCCESS'), status('DONE')]).phase).toBe('idle')
})

test('a failure is one whenever it comes, and stays', () => {
  expect(play([status('FAILURE'), status('SUCCESS')]).phase).toBe('failure')
  expect(play([status('START'), error('ERROR : x'), status('RUN'), status('FAILURE'), status('DONE')])).toMatchObject({
    phase: 'failure',
    errors: ['ERROR : x'],
  })
})

test('the words of a failure may come after it, or before its start', () => {
  const early = play([error('ERROR : SW not compatible with hardware'), status('START'), status('FAILURE')])
  expect(failure(early.errors, true)).toMatchObject({ code: 'device.incompatible' })
  const state = play([status('START'), status('FAILURE'), error('ERROR : SW not compatible with hardware')])
  expect(state.phase).toBe('failure')
  expect(failure(state.errors, true)).toMatchObject({ code: 'device.incompatible' })
})

test('no order of messages without SUCCESS after a start is a success', () => {
  const word = fc.constantFrom('IDLE', 'START', 'RUN', 'DOWNLOAD', 'SUBPROCESS', 'DONE', 'FAILURE', 'PROGRESS', '')
  const message = fc.oneof(
    word.map(status),
    fc.record({ type: fc.constant('step'), number: fc.string(), step: fc.string(), percent: fc.string() }),
    fc.string().map(error),
  )
  fc.assert(fc.property(fc.array(message), (messages) => play(messages).phase !== 'success'))
})

const named = (source: string) => ({ type: 'info', source })
const words = (text: string) => ({ type: 'message', level: '6', text })

test('an installation belongs to whoever sent the file that the device names', () => {
  const ours = play([status('START'), named(NAME), status('RUN'), status('SUCCESS')])
  expect(ours).toMatchObject({ phase: 'success', whose: 'ours' })
  expect(verdictOf(ours, 'broken')).toBe('success')
  const stale = play([status('START'), named(`${NAME}ON" : "1.0.1"}}`), status('RUN'), status('SUCCESS')])
  expect(stale.whose).toBe('ours')
  const other = play([status('START'), named('somebody-else.swu'), status('RUN'), status('SUCCESS')])
  for (const upload of ['sending', 'received', 'broken'] as const) expect(verdictOf(other, upload)).toBeNull()
})

test('an installation that was under way already is never our success, nor our failure', () => {
  const step = { type: 'step', number: '1', step: '1', name: 'rootfs.img', percent: '40' }
  for (const word of ['SUCCESS', 'FAILURE']) {
    expect(verdictOf(play([step, status('RUN'), error('ERROR : x'), status(word)]), 'broken')).toBeNull()
  }
  // And once ours begins after it, its own verdict counts.
  const after = play([step, status('SUCCESS'), status('DONE'), status('START'), named(NAME), status('FAILURE')])
  expect(verdictOf(after, 'received')).toBe('failure')
})

test('a package that is refused unread is never named: that the refusal began with it is enough', () => {
  const refused = play([words('Software Update started !'), status('DOWNLOAD'), error('ERROR : x'), status('FAILURE')])
  expect(refused).toMatchObject({ whose: 'unknown', began: true, errors: ['ERROR : x'] })
  expect(verdictOf(refused, 'broken')).toBe('failure')
})

test('a device that names no files is believed once it has taken the upload', () => {
  const unnamed = play([status('START'), status('RUN'), status('SUCCESS')])
  expect(verdictOf(unnamed, 'sending')).toBeNull()
  expect(verdictOf(unnamed, 'broken')).toBeNull()
  expect(verdictOf(unnamed, 'received')).toBe('success')
})

test('what the log says of a package without a signature, at trace level', () => {
  const words =
    '[extract_file_to_tmp] : description file name not the first of the list: a instead of sw-description.sig'
  const state = play([{ type: 'message', level: '7', text: words }, error(FINAL), status('FAILURE')])
  expect(failure(state.errors, null)).toMatchObject({
    code: 'device.signature-rejected',
    detail: {
      reason: 'unsigned',
      said: 'description file name not the first of the list: a instead of sw-description.sig',
    },
  })
  // Where nobody could read the file, nobody says that it has none.
  expect(failure([FINAL], null)).toMatchObject({ code: 'device.image-rejected', detail: { reason: 'other' } })
})

test('the words of a device behind the device, passed on at trace level, name the cause', () => {
  const passedOn = '[callback_ws_swupdate] : http://10.0.0.2:8080 : ERROR : HASH mismatch : aa <--> bb'
  const state = play([{ type: 'message', level: '7', text: passedOn }, status('START'), status('FAILURE')])
  expect(failure(state.errors, true)).toMatchObject({
    code: 'device.image-corrupt',
    detail: { said: 'http://10.0.0.2:8080 : ERROR : HASH mismatch : aa <--> bb' },
  })
})

test('upload names are plain, short, and never the same', () => {
  expect(uploadName('artifacts/deep/winch-3.2.0.swu')).toMatch(/^winch-3\.2\.0\.[0-9a-f]{8}\.swu$/)
  expect(uploadName('artifacts/x')).not.toBe(uploadName('artifacts/x'))
  fc.assert(fc.property(fc.string({ maxLength: 300 }), (target) => /^[\w.+-]{9,80}$/.test(uploadName(target))))
})

const FINAL = 'Image invalid or corrupted. Not installing ...'

test.each([
  [['ERROR : HASH mismatch : aa <--> bb', FINAL], true, 'device.image-corrupt', 'hash-mismatch'],
  [
    ['ERROR : SW not compatible with hardware', 'ERROR : Compatible SW not found', FINAL],
    true,
    'device.incompatible',
    'hardware',
  ],
  [
    ['ERROR : Authentication of all signatures failed', 'ERROR : Compatible SW not found', FINAL],
    true,
    'device.signature-rejected',
    'signer',
  ],
  [[FINAL], false, 'device.signature-rejected', 'unsigned'],
  [[FINAL], true, 'device.image-rejected', 'other'],
  [
    ['ERROR : No downgrading allowed: new version 1.0.1 <= installed 2.0.0', FINAL],
    true,
    'device.image-rejected',
    'downgrade',
  ],
  [
    ['ERROR : No reinstalling allowed: new version 1.0.1 == installed 1.0.1'],
    true,
    'device.image-rejected',
    'reinstall',
  ],
  [
    ["ERROR : SWU transfer to http://10.0.0.2:8080 failed (7) : 'Couldn't connect to server'", 'Installation failed !'],
    true,
    'device.forward-failed',
    'no-connection',
  ],
  [
    ["ERROR : SWU transfer to http://10.0.0.2:8080 failed (56) : 'Failure when receiving data from the peer'"],
    true,
    'device.forward-failed',
    'refused',
  ],
  [['ERROR : Connection lost, no data for 20 seconds, closing...'], true, 'device.write-failed', 'stalled'],
  [[], true, 'device.image-rejected', 'other'],
] as const)('%j, signed %s: %s', (errors, signed, code, reason) => {
  expect(failure(errors, signed)).toMatchObject({ code, detail: { reason } })
})

test('JSON pointers: RFC 6901 5', () => {
  const document = JSON.stringify({ foo: ['bar', 'baz'], '': 0, 'a/b': 1, 'm~n': 8, ' ': 7, deep: { x: true } })
  expect(scalarAt(document, '/foo/0')).toBe('bar')
  expect(scalarAt(document, '/')).toBe(0)
  expect(scalarAt(document, '/a~1b')).toBe(1)
  expect(scalarAt(document, '/m~0n')).toBe(8)
  expect(scalarAt(document, '/deep/x')).toBe(true)
})

test.each([
  ['{', '/a', 'reading.unreadable'],
  ['{"a":{}}', '/a', 'reading.unreadable'],
  ['{"a":null}', '/a', 'reading.unreadable'],
  ['{}', '/a', 'reading.missing'],
  ['{}', '/__proto__/x', 'reading.missing'],
  ['{}', '/constructor', 'reading.missing'],
  ['"text"', '/0', 'reading.missing'],
])('%s at %s is %s', (json, pointer, code) => {
  expect(() => scalarAt(json, pointer)).toThrowError(expect.objectContaining({ code }))
})

test('any document and pointer is a scalar or a coded error', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), fc.string(), (json, pointer) => {
      try {
        return ['string', 'number', 'boolean'].includes(typeof scalarAt(json, `/${pointer}`))
      } catch (thrown) {
        return isAppError(thrown)
      }
    }),
  )
})
