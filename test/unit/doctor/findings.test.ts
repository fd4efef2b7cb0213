import { expect, test } from 'vitest'
import { type DoctorFacts, known, type PortFacts, UNKNOWN } from '../../../electron/host/device/doctor/facts.ts'
import { findingsOf } from '../../../electron/host/device/doctor/findings.ts'
import type { LineStats } from '../../../electron/host/link/line-book.ts'
import { doctorReport } from '../../../renderer/text/doctor-report.ts'
import { LANGUAGES } from '../../../renderer/text/language.ts'
import { voice } from '../../../renderer/text/say.ts'
import { FINDING_CODES, Finding } from '../../../shared/contract/doctor.ts'

const PORT: PortFacts = {
  path: '/dev/ttyUSB0',
  exists: known(true),
  allowed: known(true),
  group: known('dialout'),
  holders: known({ list: [], hidden: 0 }),
  latencyMs: null,
}
const LINE: LineStats = {
  opened: 1,
  lost: 0,
  bytesIn: 0,
  bytesOut: 40,
  framesGood: 0,
  framesBad: 0,
  stalls: 0,
  timeouts: 0,
  baud: 115_200,
  sample: new Uint8Array(),
}
const answer = (state: 'device' | 'silent' | 'busy' | 'not-ours' | 'trying', code?: string, detail = {}) => ({
  state,
  device: state === 'device' ? 'acme-crane:CR-1' : null,
  reason: code === undefined ? null : ({ code, retry: 'now', detail } as NonNullable<DoctorFacts['answer']>['reason']),
})
const SERIAL: DoctorFacts = {
  platform: 'linux',
  user: 'kari',
  address: 'serial:/dev/ttyUSB0',
  answer: answer('silent', 'device.no-answer'),
  ports: [PORT],
  usb: null,
  net: null,
  line: null,
  networks: [{ name: 'eth0', address: '10.0.4.2', prefix: 24 }],
  modemManager: known(null),
  usbBus: known(3),
  udev: known(true),
  rule: null,
}
const port = (change: Partial<PortFacts>): Partial<DoctorFacts> => ({ ports: [{ ...PORT, ...change }] })
const line = (change: Partial<LineStats>): Partial<DoctorFacts> => ({ line: { ...LINE, ...change } })
const USB: Partial<DoctorFacts> = {
  address: 'usb:1-1.4',
  ports: [],
  usb: { place: '1-1.4', vid: '0483', pid: 'df11', exists: known(true), allowed: known(true) },
}
const usb = (change: object, more: Partial<DoctorFacts> = {}): Partial<DoctorFacts> => ({
  ...USB,
  usb: { ...(USB.usb as NonNullable<DoctorFacts['usb']>), ...change },
  ...more,
})
const net = (knock: string, ip: string | null = '10.0.4.9', more: Partial<DoctorFacts> = {}): Partial<DoctorFacts> => ({
  address: 'http://10.0.4.9:8080',
  ports: [],
  net: {
    host: '10.0.4.9',
    port: 8080,
    ip: known(ip),
    knock: known(knock as 'open'),
  },
  ...more,
})
const WHOLE: Partial<DoctorFacts> = { address: null, answer: null, ports: [] }
const text = (words: string) => new TextEncoder().encode(words)
/** 115200 baud read as 9600: what a UART makes of it. */
const noise = Uint8Array.from({ length: 64 }, (_, at) => [0x80, 0xfe, 0x00, 0xe6, 0x9e, 0x18, 0xf8, 0x78][at % 8] ?? 0)

/** Facts, and the findings that must come first, in this order. */
const CASES: readonly (readonly [name: string, facts: Partial<DoctorFacts>, codes: readonly string[]])[] = [
  ['a device that answers', { answer: answer('device') }, ['fine answers']],
  ['an address that nobody asked', { answer: null }, ['notice not-asked']],
  ['an address that is being asked', { answer: answer('trying') }, ['notice being-asked']],
  ['silence', {}, ['fault no-answer']],
  ['a stranger', { answer: answer('not-ours', 'device.not-mine') }, ['fault someone-else']],
  ['no profile', { answer: answer('not-ours', 'device.no-profile') }, ['fault no-profile']],
  ['no identity', { answer: answer('not-ours', 'device.identity-missing') }, ['fault no-identity']],
  ['another prompt', { answer: answer('silent', 'device.no-prompt') }, ['fault no-prompt']],
  [
    'a login',
    net('open', '10.0.4.9', { answer: answer('silent', 'device.unauthorised') }),
    ['fault login-wanted', 'fine port-open'],
  ],
  [
    'a certificate',
    net('open', '10.0.4.9', { answer: answer('not-ours', 'link.untrusted', { reason: 'expired' }) }),
    ['fault not-trusted', 'fine port-open'],
  ],
  [
    'another host key',
    net('open', '10.0.4.9', {
      answer: answer('not-ours', 'link.host-key-changed', { seen: 'SHA256:b', expected: 'SHA256:a' }),
    }),
    ['fault host-key-changed', 'fine port-open'],
  ],
  [
    'a host key that nobody signed',
    net('open', '10.0.4.9', { answer: answer('not-ours', 'link.host-key-unknown', { seen: 'SHA256:b' }) }),
    ['fault host-key-unknown', 'fine port-open'],
  ],

  ['no port', port({ exists: known(false) }), ['fault no-answer', 'fault port-gone']],
  ['a port of a group', port({ allowed: known(false) }), ['fault no-answer', 'fault port-forbidden']],
  [
    'a terminal program',
    port({ holders: known({ list: [{ pid: 7, program: 'picocom' }], hidden: 9 }) }),
    ['fault no-answer', 'fault port-held'],
  ],
  [
    'a port that is busy, and nobody sees why',
    { ...port({ holders: known({ list: [], hidden: 9 }) }), answer: answer('busy', 'link.busy') },
    ['fault port-held-unknown'],
  ],
  [
    'programs of other accounts',
    port({ holders: known({ list: [], hidden: 2 }) }),
    ['fault no-answer', 'unknown holders-unknown'],
  ],
  [
    'another system',
    { ...port({ holders: UNKNOWN, exists: UNKNOWN, allowed: UNKNOWN }), platform: 'win32', udev: null },
    ['fault no-answer', 'unknown cannot-tell', 'unknown holders-unknown'],
  ],
  [
    'ModemManager at the port',
    { ...port({ holders: known({ list: [{ pid: 8, program: 'ModemManager' }], hidden: 0 }) }), modemManager: known(8) },
    ['fault no-answer', 'fault modem-manager-holds'],
  ],
  ['ModemManager elsewhere', { modemManager: known(8) }, ['fault no-answer', 'notice modem-manager-runs']],
  ['an FTDI adapter as it comes', port({ latencyMs: known(16) }), ['fault no-answer', 'notice ftdi-latency']],
  ['an FTDI adapter that is set', port({ latencyMs: known(1) }), ['fault no-answer']],
  ['an FTDI adapter that does not tell', port({ latencyMs: UNKNOWN }), ['fault no-answer']],

  ['the wrong speed', line({ sample: noise, bytesIn: 64 }), ['fault wrong-speed', 'notice no-answer']],
  [
    'a log',
    line({ sample: text('[00:01:02] GPS fix lost, 4 satellites\r\n'), bytesIn: 40 }),
    ['fault other-talk', 'notice no-answer'],
  ],
  ['too few bytes to tell', line({ sample: noise.subarray(0, 8), bytesIn: 8 }), ['notice no-answer']],
  ['a line without an echo', line({}), ['fault no-answer', 'fault nothing-heard']],
  [
    'damaged frames',
    { answer: answer('device'), ...line({ framesGood: 100, framesBad: 3 }) },
    ['fault damaged-frames', 'fine answers'],
  ],
  [
    'a few damaged among very many',
    { answer: answer('device'), ...line({ framesGood: 10_000, framesBad: 3 }) },
    ['fine answers'],
  ],
  ['a loose plug', line({ lost: 3, sample: text('x') }), ['fault breaks-off', 'notice no-answer']],

  ['a free USB device', usb({}), ['fault no-answer']],
  ['no USB device', usb({ exists: known(false) }), ['fault no-answer', 'fault usb-gone']],
  ['a USB device of root', usb({ allowed: known(false) }), ['fault no-answer', 'fault usb-forbidden']],
  ['a USB device in use', usb({}, { answer: answer('busy', 'link.busy') }), ['fault usb-held']],
  [
    'a USB device without WinUSB',
    usb({}, { platform: 'win32', udev: null, answer: answer('silent', 'link.unsupported') }),
    ['fault winusb-missing'],
  ],
  ['a USB device that nobody can look at', usb({ allowed: UNKNOWN }), ['fault no-answer', 'unknown cannot-tell']],
  [
    'no USB at all',
    usb({ exists: UNKNOWN, allowed: UNKNOWN }, { usbBus: known(null) }),
    ['fault no-answer', 'fault no-usb-bus', 'unknown cannot-tell'],
  ],
  [
    'a stubborn boot loader',
    { ...USB, ...line({ stalls: 3, timeouts: 4 }) },
    ['fault no-answer', 'fault usb-timeouts', 'notice usb-stalls'],
  ],

  ['a closed port', net('refused'), ['fault no-answer', 'fault nothing-listens']],
  ['an open port', net('open'), ['fault no-answer', 'fine port-open']],
  ['nobody at the address', net('unreachable'), ['fault no-answer', 'fault unreachable']],
  ['a firewall', net('silent'), ['fault no-answer', 'fault network-silent']],
  ['the wrong subnet', net('silent', '192.168.7.9'), ['fault no-answer', 'fault wrong-subnet']],
  ['another subnet with a way there', net('refused', '192.168.7.9'), ['fault no-answer', 'fault nothing-listens']],
  ['a name that nobody knows', net('silent', null), ['fault no-answer', 'fault name-unknown']],
  ['no network', net('unreachable', '10.0.4.9', { networks: [] }), ['fault no-answer', 'fault no-network']],
  [
    'a tunnel without a network',
    net('refused', '127.0.0.1', { networks: [] }),
    ['fault no-answer', 'fault nothing-listens'],
  ],
  ['a device on the network that answers', net('open', '10.0.4.9', { answer: answer('device') }), ['fine answers']],

  [
    'a laptop with nothing plugged in',
    { ...WHOLE, networks: [], udev: known(false), usbBus: known(null) },
    ['notice no-network', 'notice no-usb-bus', 'notice no-udev', 'notice no-ports'],
  ],
  ['a laptop that is well', { ...WHOLE, ports: [PORT] }, ['fine nothing-found']],
]

test.each(CASES)('%s', (_, change, codes) => {
  const found = findingsOf({ ...SERIAL, ...change })
  expect(found.map(({ level, code }) => `${level} ${code}`)).toEqual(
    codes.every((code) => code.startsWith('fine')) && !codes.includes('fine nothing-found')
      ? [...codes, 'fine nothing-found']
      : codes,
  )
  expect(Finding.array().parse(found)).toEqual(found)
  for (const language of LANGUAGES) {
    const exam = { address: null, at: 0, platform: 'linux', findings: found, rule: null }
    expect(doctorReport(exam, voice(language).say)).not.toMatch(/undefined|\{|\[object|–/)
  }
})

test('every finding of the catalogue is found somewhere', () => {
  const found = new Set(CASES.flatMap(([, change]) => findingsOf({ ...SERIAL, ...change }).map(({ code }) => code)))
  expect([...found].toSorted()).toEqual([...FINDING_CODES].toSorted())
})

test('nothing is concluded from facts that could not be had', () => {
  const blind: DoctorFacts = {
    ...SERIAL,
    answer: null,
    ports: [{ ...PORT, exists: UNKNOWN, allowed: UNKNOWN, group: UNKNOWN, holders: UNKNOWN, latencyMs: UNKNOWN }],
    modemManager: UNKNOWN,
    usbBus: UNKNOWN,
    udev: UNKNOWN,
  }
  expect(findingsOf(blind).filter(({ level }) => level === 'fault')).toEqual([])
})
