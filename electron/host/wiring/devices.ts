import { join } from 'node:path'
import type { Profile } from '../../../shared/model/profile.ts'
import type { AuditService } from '../audit/service.ts'
import { randomBelow, randomHex } from '../crypto/random.ts'
import { Doctor } from '../device/doctor/doctor.ts'
import { everyDriver } from '../device/drivers/every.ts'
import { announcedBy, knowsUsbDevice } from '../device/registry/candidates.ts'
import { DeviceRegistry } from '../device/registry/registry.ts'
import { NetworkSearch } from '../device/search/search.ts'
import { TraceFiles } from '../device/traces/trace-files.ts'
import { TraceService } from '../device/traces/trace-service.ts'
import type { HostOptions } from '../host.ts'
import { addressFinder } from '../link/address-finder.ts'
import { canonicalAddress } from '../link/canonical.ts'
import { httpOpener } from '../link/http.ts'
import { LineBook } from '../link/line-book.ts'
import type { LinkFinder, LinkOpener } from '../link/link.ts'
import { mdnsFinder } from '../link/mdns-finder.ts'
import { serialOpener } from '../link/serial.ts'
import { serialFinder, systemPorts } from '../link/serial-finder.ts'
import { sshOpener } from '../link/ssh.ts'
import { tappedOpener } from '../link/trace/tap.ts'
import { udpOpener } from '../link/udp.ts'
import { openUdpServer } from '../link/udp-server.ts'
import { usbOpener } from '../link/usb.ts'
import { systemUsbBus, type UsbBus } from '../link/usb-bus.ts'
import { usbFinder } from '../link/usb-finder.ts'
import { usbNudges } from '../link/usb-hotplug.ts'
import type { PeopleService } from '../people/service.ts'
import { deviceQueries } from '../store/devices.ts'
import type { LibrarySource } from '../trust/library.ts'
import type { UndoList } from '../undo-list.ts'
import type { Base } from './base.ts'
import { type ChosenSite, libraryOr } from './chosen-site.ts'
import { deviceStore } from './device-store.ts'
import { NamedPlaces } from './named-addresses.ts'

export interface Devices {
  readonly registry: DeviceRegistry
  readonly places: NamedPlaces
  readonly doctor: Doctor
  readonly search: NetworkSearch
  readonly traces: TraceService
}

/** Of a name that a boot loader types into its request, and nobody else guesses. */
const FILE_NAME_BYTES = 8

export function openDevices(
  { dataDir, parts = {} }: HostOptions,
  base: Base,
  library: LibrarySource,
  audit: AuditService,
  people: PeopleService,
  site: ChosenSite,
  moreOpeners: readonly LinkOpener[],
  undo: UndoList,
): Devices {
  const { db, clock, now } = base
  const { recorder } = audit
  const queries = deviceQueries(db)
  const places = new NamedPlaces({ queries, recorder, site, library, now })
  undo.add(() => places.close())
  const profiles = () => [...(libraryOr(library)?.profiles.values() ?? [])].map(({ document }) => document)
  const usb = systemUsbBus()
  const network = { open: openUdpServer, fileName: () => randomHex(FILE_NAME_BYTES) }
  const lines = new LineBook()
  const openers = [
    serialOpener(),
    udpOpener(),
    httpOpener('http'),
    httpOpener('https'),
    sshOpener(),
    usbOpener(usb),
    ...moreOpeners,
  ]
  const traces: TraceService = new TraceService({
    files: new TraceFiles(join(dataDir, 'traces')),
    now,
    monotonic: () => clock.monotonic(),
    whereIs: (key) => registry.whereIs(key),
    deviceAt: (address) => registry.list().find(({ link }) => link?.address === address)?.key ?? null,
    credential: async (address) => people.credential(address),
    record: (address, by) => recorder.record({ actor: by, action: 'device.recorded', subject: address }),
  })
  undo.add(() => traces.close())
  const registry = new DeviceRegistry({
    openers: openers.map((opener) => lines.counted(tappedOpener(opener, (address) => traces.writerAt(address)))),
    finders: [
      ...(parts.portFinders ?? [
        serialFinder({ nudges: usbNudges }),
        usbDevices(usb, profiles, library),
        mdnsFinder({ wanted: () => announcedBy(profiles()) }),
      ]),
      addressFinder(places),
    ],
    drivers: everyDriver({ firstSeq: () => randomBelow(256), now, network }),
    clock,
    store: deviceStore(queries, recorder, () => people.session()?.operator ?? 'console'),
    profiles,
    nameOf: (identity) => site.nameOf(identity),
    credential: async (address) => people.credential(address),
    canonical: canonicalAddress,
    ...(parts.registryTiming && { timing: parts.registryTiming }),
  })
  undo.add(() => registry.close())
  const again = () => registry.lookAgain()
  undo.add(library.onChange(again))
  undo.add(site.onChange(again))
  const doctor = new Doctor({
    addresses: () => registry.addresses(),
    lines,
    serialPorts: async () => (parts.portFinders ? [] : (await systemPorts()).map(({ path }) => path)),
    usbDevices: async () => (await usb.list()).length,
    now,
  })
  const search = new NetworkSearch({
    profiles,
    identify: (address, signal) => registry.identify(address, signal),
  })
  undo.add(() => search.close())
  return { registry, places, doctor, search, traces }
}

/** The USB devices that signed profiles know, and looked for anew when those change. */
function usbDevices(bus: UsbBus, profiles: () => readonly Profile[], library: LibrarySource): LinkFinder {
  return usbFinder({
    bus,
    wanted: (vid, pid) => profiles().some((profile) => knowsUsbDevice(profile, vid, pid)),
    nudges: (nudge) => {
      const stops = [usbNudges(nudge), library.onChange(nudge)]
      return () => {
        for (const stop of stops) stop()
      }
    },
  })
}
