import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { Doctor, type DoctorDeps } from '../../../electron/host/device/doctor/doctor.ts'
import { known } from '../../../electron/host/device/doctor/facts.ts'
import type { SystemFiles } from '../../../electron/host/device/doctor/system-files.ts'
import { Examination } from '../../../shared/contract/doctor.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'

/** A Linux of files: what the kernel would tell of an adapter at ttyUSB0 and a boot loader at 1-1.4. */
let root: string
let files: SystemFiles
const never = new AbortController().signal

function put(path: string, text = ''): string {
  const full = join(root, path)
  mkdirSync(dirname(full), { recursive: true })
  writeFileSync(full, text)
  return full
}

beforeEach(() => {
  root = tempDir()
  files = {
    proc: join(root, 'proc'),
    sys: join(root, 'sys'),
    dev: join(root, 'dev'),
    etc: join(root, 'etc'),
    run: join(root, 'run'),
  }
  put('etc/group', 'root:x:0:\ndialout:x:20:kari\n')
  mkdirSync(join(root, 'etc/udev/rules.d'), { recursive: true })
  mkdirSync(join(root, 'run/udev'), { recursive: true })
  const adapter = 'sys/devices/usb1/1-2'
  put(`${adapter}/idVendor`, '0403\n')
  put(`${adapter}/idProduct`, '6001\n')
  mkdirSync(join(root, `${adapter}/1-2:1.0/ttyUSB0`), { recursive: true })
  mkdirSync(join(root, 'sys/class/tty/ttyUSB0'), { recursive: true })
  symlinkSync(join(root, `${adapter}/1-2:1.0/ttyUSB0`), join(root, 'sys/class/tty/ttyUSB0/device'))
  put('sys/bus/usb-serial/devices/ttyUSB0/latency_timer', '16\n')
  const boot = 'sys/bus/usb/devices/1-1.4'
  for (const [file, text] of Object.entries({ idVendor: '0483', idProduct: 'df11', busnum: '1', devnum: '7' })) {
    put(`${boot}/${file}`, `${text}\n`)
  }
  put('dev/bus/usb/001/007')
  put('dev/ttyUSB0')
  put('proc/1/comm', 'systemd\n')
  mkdirSync(join(root, 'proc/1/fd'))
})

const open = (change: Partial<DoctorDeps> = {}) =>
  new Doctor({
    addresses: () => [],
    lines: { of: () => null },
    serialPorts: async () => [join(root, 'dev/ttyUSB0')],
    usbDevices: async () => 2,
    now: () => 5,
    platform: 'linux',
    files,
    networks: () => [],
    ...change,
  })

async function codes(doctor: Doctor, address: string | null): Promise<string[]> {
  const { findings } = Examination.parse(await doctor.examine(address, never))
  return findings.map(({ code }) => code)
}

test('an FTDI adapter that a program holds: its name, its pid, the adapter’s latency', async () => {
  put('proc/4711/comm', 'picocom\n')
  mkdirSync(join(root, 'proc/4711/fd'))
  symlinkSync(join(root, 'dev/ttyUSB0'), join(root, 'proc/4711/fd/3'))
  const { findings } = await open().examine(`serial:${join(root, 'dev/ttyUSB0')}`, never)
  expect(findings.find(({ code }) => code === 'port-held')?.detail).toMatchObject({ program: 'picocom', pid: '4711' })
  expect(findings.find(({ code }) => code === 'ftdi-latency')?.detail).toMatchObject({ ms: 16 })
})

test('ModemManager is told whether it holds the port or only runs', async () => {
  put('proc/8/comm', 'ModemManager\n')
  mkdirSync(join(root, 'proc/8/fd'))
  expect(await codes(open(), null)).toContain('modem-manager-runs')
  symlinkSync(join(root, 'dev/ttyUSB0'), join(root, 'proc/8/fd/9'))
  const held = await codes(open(), null)
  expect(held).toContain('modem-manager-holds')
  expect(held).not.toContain('modem-manager-runs')
})

test('a link to a port is the port', async () => {
  mkdirSync(join(root, 'dev/serial/by-id'), { recursive: true })
  symlinkSync(join(root, 'dev/ttyUSB0'), join(root, 'dev/serial/by-id/usb-FTDI'))
  expect(await codes(open(), `serial:${join(root, 'dev/serial/by-id/usb-FTDI')}`)).toContain('ftdi-latency')
})

test('a port that is not there', async () => {
  expect(await codes(open(), `serial:${join(root, 'dev/ttyUSB9')}`)).toContain('port-gone')
})

test('a USB place where nothing is plugged in, and names that are none', async () => {
  expect(await codes(open(), 'usb:1-9')).toContain('usb-gone')
  expect(await codes(open(), 'usb:../../../etc/passwd')).toContain('cannot-tell')
  await expect(open().examine('nowhere', never)).rejects.toMatchObject({ code: 'link.bad-address' })
})

test('a USB device of root: the rule that mends it is offered and written', async () => {
  const seen: string[] = []
  const asNobody = open({ mayUse: async () => known(false) })
  const { rule } = await asNobody.examine('usb:1-1.4', never)
  expect(rule).toEqual({
    file: join(root, 'etc/udev/rules.d/70-slipway-0483-df11.rules'),
    text: 'ACTION!="remove", SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="0483", ATTR{idProduct}=="df11", TAG+="uaccess"\n',
    writable: true,
  })
  await asNobody.writeRule('usb:1-1.4', async ({ file }) => void seen.push(file), never)
  expect(seen).toEqual([rule?.file])
  expect(readFileSync(rule?.file ?? '', 'utf8')).toBe(rule?.text)
})

test('the rule for an adapter is for its serial port; a folder that is not there cannot be written to', async () => {
  const asNobody = open({ mayUse: async () => known(false) })
  rmSync(join(root, 'etc/udev'), { recursive: true })
  const address = `serial:${join(root, 'dev/ttyUSB0')}`
  const { rule, findings } = await asNobody.examine(address, never)
  expect(findings.map(({ code }) => code)).toContain('port-forbidden')
  expect(rule).toMatchObject({
    text: expect.stringContaining('SUBSYSTEM=="tty", ATTRS{idVendor}=="0403"'),
    writable: false,
  })
  const refused = asNobody.writeRule(address, async () => expect.unreachable(), never)
  await expect(refused).rejects.toMatchObject({ code: 'file.unreadable' })
})

test('a rule is written only where one is called for', async () => {
  await expect(open().writeRule('usb:1-1.4', async () => expect.unreachable(), never)).rejects.toMatchObject({
    code: 'device.unknown',
  })
})

test('a bare machine: no USB, no udev, no ports, no network', async () => {
  const bare = open({
    serialPorts: () => Promise.reject(new Error('spawn udevadm ENOENT')),
    usbDevices: () => Promise.reject(new Error('no bus')),
    files: { ...files, run: join(root, 'nowhere'), proc: join(root, 'nowhere') },
  })
  expect(await codes(bare, null)).toEqual(['no-network', 'no-usb-bus', 'no-udev', 'no-ports'])
})

test('other systems: nothing is said of what they do not tell', async () => {
  for (const platform of ['win32', 'darwin']) {
    const found = await open({ platform }).examine(`serial:${join(root, 'dev/ttyUSB0')}`, never)
    expect(found.findings.filter(({ level }) => level === 'fault')).toEqual([])
    expect(found.findings.map(({ code }) => code)).toContain('holders-unknown')
  }
})
