import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { SeenAddress } from '../../../../shared/contract/devices.ts'
import type { AccessRule, Examination } from '../../../../shared/contract/doctor.ts'
import { AppError } from '../../../../shared/errors.ts'
import { parseAddress } from '../../link/address.ts'
import type { LineBook } from '../../link/line-book.ts'
import { type OwnNetwork, ownNetworks } from '../../link/own-networks.ts'
import { accessRule, writeAccessRule } from './access-rule.ts'
import { type DoctorFacts, type Fact, known, type PortFacts, UNKNOWN, type UsbFacts } from './facts.ts'
import { findingsOf } from './findings.ts'
import { findProgram } from './holders.ts'
import { examineWay } from './network-way.ts'
import { examinePort, exists, type mayUse, usbIdsOfPort } from './serial-port.ts'
import { SYSTEM_FILES, type SystemFiles } from './system-files.ts'
import { examineUsb } from './usb-device.ts'

/** Ports that are looked at when the whole laptop is. */
const MOST_PORTS = 64

export interface DoctorDeps {
  /** Addresses that the console looks at, and what it knows of who is there. */
  addresses(): readonly SeenAddress[]
  readonly lines: Pick<LineBook, 'of'>
  /** Paths of the serial ports of this laptop. */
  serialPorts(): Promise<readonly string[]>
  /** How many devices are on the USB bus. Rejects where there is none. */
  usbDevices(): Promise<number>
  readonly now: () => number
  readonly platform?: string
  readonly files?: SystemFiles
  readonly networks?: () => readonly OwnNetwork[]
  /** Whether this account may read and write a file; in tests another account. */
  readonly mayUse?: typeof mayUse
}

/** Finds out what keeps a device away, without saying anything to it. */
export class Doctor {
  readonly #deps: DoctorDeps
  readonly #files: SystemFiles
  readonly #platform: string

  constructor(deps: DoctorDeps) {
    this.#deps = deps
    this.#files = deps.files ?? SYSTEM_FILES
    this.#platform = deps.platform ?? process.platform
  }

  /** Throws `link.bad-address`, and when the signal fires. */
  async examine(address: string | null, signal: AbortSignal): Promise<Examination> {
    const facts = await this.#facts(address, signal)
    const findings = findingsOf(facts)
    const isForbidden = findings.some(({ code }) => code === 'port-forbidden' || code === 'usb-forbidden')
    const rule = isForbidden ? facts.rule : null
    return { address, at: this.#deps.now(), platform: this.#platform, findings, rule }
  }

  /**
   * Writes the rule that an examination offers, once `before` has taken note of it. Throws `device.unknown` where none is
   * called for, `file.unreadable` where this account may not write it.
   */
  async writeRule(
    address: string,
    before: (rule: AccessRule) => Promise<void>,
    signal: AbortSignal,
  ): Promise<AccessRule> {
    const { rule } = await this.examine(address, signal)
    if (!rule) throw new AppError('device.unknown', { detail: { device: address } })
    if (!rule.writable) throw new AppError('file.unreadable', { detail: { path: rule.file } })
    await before(rule)
    await writeAccessRule(rule)
    return rule
  }

  async #facts(address: string | null, signal: AbortSignal): Promise<DoctorFacts> {
    const { lines, networks = ownNetworks } = this.#deps
    const parsed = address === null ? null : parseAddress(address)
    const path = parsed && 'path' in parsed ? parsed.path : null
    const ports = await this.#ports(parsed?.scheme ?? null, path)
    const usb =
      parsed?.scheme === 'usb' && path !== null
        ? await examineUsb(path, this.#platform, this.#files, this.#deps.mayUse)
        : null
    return {
      platform: this.#platform,
      user: userName(),
      address,
      answer: this.#deps.addresses().find((seen) => seen.address === address) ?? null,
      ports,
      usb,
      net: address === null ? null : await examineWay(address, signal),
      line: address === null ? null : lines.of(address),
      networks: networks(),
      modemManager: this.#isLinux ? await findProgram('ModemManager', this.#files) : UNKNOWN,
      usbBus: await this.#usbBus(),
      udev: this.#isLinux ? await exists(join(this.#files.run, 'udev')) : null,
      rule: await this.#rule(ports, usb),
    }
  }

  get #isLinux(): boolean {
    return this.#platform === 'linux'
  }

  async #ports(scheme: string | null, path: string | null): Promise<readonly PortFacts[]> {
    const paths = scheme === null ? await this.#deps.serialPorts().catch(() => []) : []
    const wanted = scheme === 'serial' && path !== null ? [path] : paths.slice(0, MOST_PORTS)
    const found: PortFacts[] = []
    for (const one of wanted) found.push(await examinePort(one, this.#platform, this.#files, this.#deps.mayUse))
    return found
  }

  async #usbBus(): Promise<Fact<number | null>> {
    return this.#deps.usbDevices().then(known, () => known(null))
  }

  async #rule(ports: readonly PortFacts[], usb: UsbFacts | null): Promise<AccessRule | null> {
    if (!this.#isLinux) return null
    if (usb?.vid && usb.pid) return accessRule({ vid: usb.vid, pid: usb.pid }, 'usb', this.#files)
    const port = ports.find(({ allowed }) => allowed.known && !allowed.value)
    const ids = port && (await usbIdsOfPort(port.path, this.#files))
    return ids ? accessRule(ids, 'tty', this.#files) : null
  }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // An account that the system does not know by a name, as in some containers.
    return String(process.getuid?.() ?? '')
  }
}
