import { scalarAt } from '../../../electron/host/device/pointer.ts'
import { interpret } from '../../../electron/host/device/readings.ts'
import { type AnnouncedService, announcedPort } from '../../../electron/host/link/mdns-service.ts'
import { freeOf, parseSftpAnswer, sftpPacket, sftpSplitter } from '../../../electron/host/link/sftp-packets.ts'
import { percentOf, refusalOf } from '../../../electron/host/protocol/rauc/install.ts'
import { pairOf, parseStatus } from '../../../electron/host/protocol/rauc/status.ts'
import { answerChallenge, parseChallenge } from '../../../electron/host/protocol/swupdate/digest.ts'
import { parseMessage } from '../../../electron/host/protocol/swupdate/messages.ts'
import { failure, NOT_BEGUN, nextState, verdictOf } from '../../../electron/host/protocol/swupdate/verdict.ts'
import { begun, failed, steps, succeeded } from '../../../electron/sim/swupdate/frames.ts'
import { type FuzzTarget, words } from '../target.ts'

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8')
const frames = [...begun('ours-1.swu'), ...steps(['rootfs.img']), ...succeeded, ...failed(['ERROR : HASH mismatch'])]
const SEPARATOR = '\u001e'

const sftpAnswers = [
  sftpPacket(2, [3, 'statvfs@openssh.com', '2']),
  sftpPacket(101, [1, 4, 'Failure', 'en']),
  sftpPacket(102, [2, Buffer.from('handle')]),
  sftpPacket(105, [3, 1, 700_001n]),
  sftpPacket(201, [4, ...Array.from({ length: 11 }, (_, index) => BigInt(index))]),
]

export const NETWORK: readonly FuzzTarget[] = [
  {
    name: 'SFTP answers',
    seeds: [...sftpAnswers, Buffer.concat(sftpAnswers)],
    run(bytes) {
      const split = sftpSplitter()
      for (let at = 0; at < bytes.length; at += 7) {
        for (const packet of split(bytes.subarray(at, at + 7))) {
          const answer = parseSftpAnswer(packet)
          if (answer?.type === 'extended' && !(freeOf(answer.data) >= 0)) throw new Error('less than nothing is free')
        }
      }
    },
  },
  {
    name: 'SWUpdate messages',
    seeds: words(frames.join(SEPARATOR), ...frames),
    run(bytes) {
      let state = NOT_BEGUN
      for (const frame of textOf(bytes).split(SEPARATOR)) {
        const message = parseMessage(frame)
        if (message) state = nextState(state, message, 'ours-1.swu')
        if (verdictOf(state, 'received') === 'failure') failure(state.errors, true)
        if (!(state.installed >= 0 && state.installed <= 1)) throw new Error(`installed ${state.installed}`)
      }
    },
  },
  {
    name: 'documents of a device (JSON)',
    seeds: words(
      '{ "type": "acme-winch", "version": "1.0.0", "signals": { "brake": "set", "tension_kg": 400, "a/b~": true } }',
      '[1, -0, 1e309, "\\ud800", null]',
    ),
    run(bytes) {
      const raw = scalarAt(textOf(bytes), '/signals/tension_kg')
      interpret(raw, { type: 'number', scale: 0.001, range: { min: 0, max: 60 } })
      interpret(raw, { type: 'bool', map: { set: true } })
    },
  },
  {
    name: 'RAUC status and words',
    seeds: words(
      '{"compatible":"board-a","booted":"A","boot_primary":"rootfs.0","slots":[{"rootfs.0":{"class":"rootfs","state":"booted","bootname":"A","boot_status":"good","slot_status":{"bundle":{"version":"1.0.0"},"status":"ok","activated":{"timestamp":"2026-11-20T00:00:00Z"}}}},{"rootfs.1":{"class":"rootfs","state":"inactive","boot_status":"bad"}}]}',
      "LastError: Installation error: Compatible mismatch: Expected 'board-a' but bundle manifest has 'board-z'\n 80% Updating slots",
    ),
    run(bytes) {
      const said = textOf(bytes)
      for (const line of said.split('\n')) {
        const percent = percentOf(line)
        if (percent !== null && !(percent >= 0 && percent <= 100)) throw new Error(`${percent} %`)
      }
      refusalOf(said)
      const { booted, other } = pairOf(parseStatus(said), 'rootfs')
      if (other && (!booted || other.isBooted)) throw new Error('a spare that runs')
    },
  },
  {
    name: 'HTTP digest challenge',
    seeds: words(
      'Digest realm="swupdate", nonce="60a1b2c3d4", qop="auth", algorithm=MD5, opaque="x\\"y", stale=true',
      'Digest qop="auth-int, auth",nonce="1",realm=""',
    ),
    run(bytes) {
      const challenge = parseChallenge(textOf(bytes))
      if (!challenge) return
      const login = { username: 'tech', password: 'pass', method: 'GET', uri: '/', count: 1, cnonce: '00' }
      if (/[\r\n]/.test(answerChallenge(challenge, login)) && !/[\r\n]/.test(textOf(bytes))) throw new Error('a line')
    },
  },
  {
    name: 'mDNS announcements',
    seeds: words(
      '{"name":"Winch","port":8080,"addresses":["192.168.1.7","fe80::1"],"referer":{"address":"192.168.1.7"}}',
      '{"name":"\\u202eevil\\n","port":1,"addresses":["192.168.1.255","10.0.0.1"]}',
    ),
    run(bytes) {
      const said = JSON.parse(sane(textOf(bytes))) as AnnouncedService
      const here = [{ name: 'eth0', address: '192.168.1.2', prefix: 24 }]
      const port = announcedPort(said, { type: '_swupdate._tcp', scheme: 'http' }, here)
      if (port && !/^http:\/\/192\.168\.1\.\d+:\d+$/.test(port.address)) throw new Error(port.address)
    },
  },
]

/** What is no JSON says nothing: the library gives values. */
function sane(text: string): string {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? text : '{}'
  } catch {
    return '{}'
  }
}
