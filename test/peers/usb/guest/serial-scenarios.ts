import { equal, ok, rejects } from 'node:assert/strict'
import { closeSync, constants, existsSync, openSync, readFileSync } from 'node:fs'
import type { Device } from '../../../../electron/host/device/driver.ts'
import { smpDriver } from '../../../../electron/host/device/drivers/smp/driver.ts'
import { DeviceRegistry } from '../../../../electron/host/device/registry/registry.ts'
import { canonicalAddress } from '../../../../electron/host/link/canonical.ts'
import type { ByteLink, SeenPort } from '../../../../electron/host/link/link.ts'
import { serialOpener } from '../../../../electron/host/link/serial.ts'
import { serialFinder } from '../../../../electron/host/link/serial-finder.ts'
import { usbNudges } from '../../../../electron/host/link/usb-hotplug.ts'
import { sendFile } from '../../../../electron/host/protocol/ymodem/send.ts'
import { SEND_PATIENCE } from '../../../../electron/host/protocol/ymodem/sender.ts'
import { crane } from '../../../../electron/sim/machines/crane.ts'
import { thrusterFirmware } from '../../../../electron/sim/usb/firmware.ts'
import { Profile } from '../../../../shared/model/profile.ts'
import type { Sims } from './sim-thread.ts'
import { clock, closing, never, until } from './tools.ts'

/** Serial ports of the guest's kernel, and what its udev says of them. */

const opener = serialOpener()

/** Devices with a USB serial port each, by the finder, the link and the driver as the console has them. */
export async function acmHotPlug(sims: Sims): Promise<void> {
  const profile = Profile.parse(crane.profile)
  const registry = new DeviceRegistry({
    openers: [opener],
    finders: [serialFinder({ nudges: usbNudges })],
    drivers: [smpDriver({ firstSeq: () => 1 })],
    clock,
    store: { known: () => [], appeared: async () => 'ada', saveStatus() {}, saveSeen() {} },
    profiles: () => [profile],
    nameOf: () => null,
    credential: async () => null,
    canonical: canonicalAddress,
  })
  registry.start()
  const at = (serial: string) => {
    const view = registry.get(`acme-crane:${serial}`)
    return view?.presence === 'present' && view.status ? (view.link?.address ?? null) : null
  }
  try {
    await sims.plugSerial('AC-1')
    const before = await until('the crane', async () => at('AC-1'))
    equal(registry.get('acme-crane:AC-1')?.status?.versions.app, '2.4.0')
    // Its port's name goes to another device while it is out.
    const reading = registry.use('acme-crane:AC-1', ({ device }) => readOn(device), never)
    const outcome = rejects(reading, { code: 'link.lost' })
    await sims.pullSerial('AC-1')
    await outcome
    await until('absent', async () => registry.get('acme-crane:AC-1')?.presence === 'absent')
    await sims.plugSerial('AC-2')
    equal(await until('the other crane', async () => at('AC-2')), before)
    await sims.plugSerial('AC-1')
    const after = await until('the crane again', async () => at('AC-1'))
    ok(after !== before, 'under another name')
    equal(registry.list().length, 2)
  } finally {
    await registry.close()
    for (const serial of ['AC-1', 'AC-2']) await sims.pullSerial(serial)
  }
}

/** Reads until the link ends. */
async function readOn({ link }: Device): Promise<void> {
  if (link.kind !== 'serial') throw new Error('a serial link')
  for (;;) await link.read(never)
}

/** QEMU's FTDI adapter with lrzsz at the far end: a file goes through, is torn off, and goes through once more. */
export async function ftdi(): Promise<void> {
  const seen = new Map<string, SeenPort>()
  const stop = new AbortController()
  const finder = serialFinder({ nudges: usbNudges })
  const watching = finder.watch(
    (port) => seen.set(port.address, port),
    (address) => seen.delete(address),
    stop.signal,
  )
  const adapter = () => until('the adapter', async () => [...seen.values()].find(({ usb }) => usb?.vid === '0403'))
  try {
    order('plug')
    const { address, usb } = await adapter()
    equal(usb?.pid, '6001')
    await closing(await open(address), (link) => sent(link, 'first'))

    const link = await open(address)
    // As another program does that has the port open: its name is not free until that has closed it.
    const holder = openSync(
      address.slice('serial:'.length),
      constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK,
    )
    order('receive torn')
    let done = 0
    const torn = rejects(
      send(link, (at) => {
        if (done < 8192 && at >= 8192) order('pull')
        done = at
      }),
      { code: 'link.lost' },
    )
    await torn
    await rejects(link.read(never), { code: 'link.lost' })
    await link.close()
    await until('gone', async () => !seen.has(address))

    order('plug')
    const again = await adapter()
    ok(again.address !== address, 'under another name')
    closeSync(holder)
    await closing(await open(again.address), (fresh) => sent(fresh, 'second'))
  } finally {
    stop.abort()
    await watching
    order('pull')
  }
}

/** To whoever holds the other end of the adapter's line, on this machine's console. */
function order(words: string): void {
  console.log(`@ ${words}`)
}

async function open(address: string): Promise<ByteLink> {
  const link = await opener.open(address, { baud: 115_200 }, never)
  if (link.kind !== 'serial') throw new Error('a serial link')
  return link
}

const FILE = thrusterFirmware('1.2.0', 30_000)

async function sent(link: ByteLink, name: string): Promise<void> {
  order(`receive ${name}`)
  await send(link, () => {})
  const result = `/run/out/${name}.rc`
  await until('received', async () => existsSync(result) && readFileSync(result, 'utf8') !== '')
  equal(readFileSync(result, 'utf8'), '0')
  ok(readFileSync(`/run/out/${name}/image.bin`).equals(FILE), 'what came is what was sent')
}

function send(link: ByteLink, progress: (done: number) => void): Promise<void> {
  return sendFile(
    { read: (signal) => link.read(signal), write: (bytes, signal) => link.write(bytes, signal), unread() {} },
    {
      protocol: 'ymodem',
      name: 'image.bin',
      length: FILE.length,
      read: async (offset, length) => FILE.subarray(offset, offset + length),
      byteMs: 0,
      patience: SEND_PATIENCE,
      clock,
      progress,
      between: async () => {},
    },
    never,
  )
}
