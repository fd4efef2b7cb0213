import type { SignalValue } from '../machines/machine.ts'
import { THRUSTER_IDS, thruster } from '../machines/thruster.ts'
import { configurationDescriptor, deviceDescriptor, type Faceplate, stringDescriptor } from './descriptors.ts'
import { type DfuFaults, DfuFunction, type DfuFunctionConfig, NO_DFU_FAULTS } from './dfu-function.ts'
import { Flash } from './flash.ts'
import type { Answer, Peripheral, Setup } from './setup.ts'

export interface DfuDeviceConfig extends DfuFunctionConfig {
  readonly serial: string
  /** What it runs at first; nothing that can be run leaves it in DFU mode. */
  readonly firmware: Uint8Array
  /** Leaves the bus by itself when it is told to. Otherwise it waits for a bus reset. */
  readonly willDetach: boolean
  /** Whether the application has a DFU interface at all. */
  readonly runtimeDfu: boolean
  readonly sectors: number
  readonly sectorSize: number
}

export const DFU_DEVICE: Omit<DfuDeviceConfig, 'serial' | 'firmware'> = {
  dfuse: false,
  transferSize: 1024,
  canUpload: true,
  tolerant: true,
  pollMs: 0,
  eraseMs: 0,
  manifestMs: 5,
  willDetach: true,
  runtimeDfu: true,
  sectors: 256,
  sectorSize: 2048,
}

/** Where an internal flash begins in ST's parts. */
const BASE = 0x0800_0000

/** How a device takes itself off the bus; it comes back as whatever it is by then. */
export type Leave = () => void

/** A bow thruster's controller: its application and its boot loader, on endpoint 0 of a USB device. */
export class DfuDevice implements Peripheral {
  readonly config: DfuDeviceConfig
  readonly flash: Flash
  readonly #now: () => number
  #faults: DfuFaults = NO_DFU_FAULTS
  #signals: Readonly<Record<string, SignalValue>> = thruster.signals
  #mode: 'application' | 'dfu'
  #dfu: DfuFunction
  #installed: number
  #startedAt: number
  #detaching = false
  #leave: Leave = () => {}
  restarts = 0

  constructor(config: DfuDeviceConfig, now: () => number = () => performance.now()) {
    this.config = config
    this.#now = now
    this.flash = new Flash(BASE, config.sectors, config.sectorSize, config.firmware)
    this.#installed = config.firmware.length
    this.#startedAt = now()
    this.#dfu = this.#newFunction()
    this.#mode = this.version === null ? 'dfu' : 'application'
  }

  get mode(): 'application' | 'dfu' {
    return this.#mode
  }

  get dfu(): DfuFunction {
    return this.#dfu
  }

  /** Version of what would run; null: nothing that can. */
  get version(): string | null {
    return this.#firmware()?.[1] ?? null
  }

  get face(): Faceplate {
    const { config } = this
    const isDfu = this.#mode === 'dfu'
    const layout = `@Internal Flash  /0x${BASE.toString(16).padStart(8, '0')}/${config.sectors}*${String(config.sectorSize / 1024).padStart(3, '0')}Kg`
    const bits = 1 | (config.canUpload ? 2 : 0) | (config.tolerant ? 4 : 0) | (config.willDetach ? 8 : 0)
    return {
      vid: Number.parseInt(THRUSTER_IDS.vid, 16),
      pid: Number.parseInt(isDfu ? THRUSTER_IDS.dfu : THRUSTER_IDS.application, 16),
      release: 0x0100,
      strings: ['Acme Marine', isDfu ? 'Bow thruster (boot loader)' : 'Bow thruster', config.serial],
      protocol: isDfu ? 2 : config.runtimeDfu ? 1 : null,
      memories: [config.dfuse && isDfu ? layout : 'Firmware'],
      attributes: bits,
      transferSize: config.transferSize,
      version: config.dfuse ? 0x011a : 0x0110,
    }
  }

  /** Called by the bus it is plugged into. */
  plugged(leave: Leave): void {
    this.#leave = leave
    this.#detaching = false
  }

  setFaults(change: Partial<DfuFaults>): void {
    this.#faults = { ...this.#faults, ...change }
  }

  setSignals(change: Readonly<Record<string, SignalValue>>): void {
    this.#signals = { ...this.#signals, ...change }
  }

  /** Off and on again: what is not in flash is lost. */
  powerCycle(): void {
    this.#boot()
  }

  control(setup: Setup, data: Uint8Array): Answer {
    if (this.#faults.mute) return 'mute'
    const answer = this.#answer(setup, data)
    return typeof answer === 'string' ? answer : answer.slice(0, setup.toHost ? setup.length : 0)
  }

  busReset(): void {
    if (this.#faults.stays) return
    if (this.#mode === 'application') {
      if (this.#detaching) this.#goToDfu()
    } else if (!this.config.dfuse) this.#boot()
  }

  #answer(setup: Setup, data: Uint8Array): Answer {
    if (setup.type === 'standard') return this.#standard(setup)
    if (setup.type === 'vendor') return this.#vendor(setup)
    if (this.#mode === 'dfu') return this.#dfu.control(setup.request, setup.value, setup.length, data)
    if (!this.config.runtimeDfu) return 'stall'
    if (setup.request === 5) return Uint8Array.of(this.#detaching ? 1 : 0)
    if (setup.request === 3) return Uint8Array.of(0, 0, 0, 0, this.#detaching ? 1 : 0, 0)
    if (setup.request !== 0) return 'stall'
    this.#detaching = true
    if (this.config.willDetach && !this.#faults.stays) this.#soon(() => this.#goToDfu())
    return new Uint8Array()
  }

  #standard({ request, value }: Setup): Answer {
    switch (request) {
      case 0:
        return Uint8Array.of(0, 0)
      case 6: {
        const kind = value >> 8
        if (kind === 1) return deviceDescriptor(this.face)
        if (kind === 2) return configurationDescriptor(this.face)
        return (kind === 3 ? stringDescriptor(this.face, value & 0xff) : null) ?? 'stall'
      }
      case 8:
        return Uint8Array.of(1)
      case 10:
        return Uint8Array.of(0)
      case 1:
      case 3:
      case 9:
      case 11:
        return new Uint8Array()
      default:
        return 'stall'
    }
  }

  #vendor({ request }: Setup): Answer {
    if (this.#mode === 'dfu') return 'stall'
    const [image = '', version = ''] = this.#firmware() ?? []
    const { config } = this
    return (
      thruster.vendor(request, {
        serial: config.serial,
        hardware: thruster.hardware,
        version,
        signals: this.#signals,
        uptime: this.#now() - this.#startedAt,
        image,
      }) ?? 'stall'
    )
  }

  #firmware(): RegExpExecArray | null {
    const head = Buffer.from(this.flash.bytes.subarray(0, 80)).toString('latin1')
    return /^acme-thruster (\S+) selftest=\w+\n/.exec(head)
  }

  #newFunction(): DfuFunction {
    return new DfuFunction(this.config, this.flash, this.#installed, {
      now: this.#now,
      faults: () => this.#faults,
      start: () => this.#faults.stays || this.#soon(() => this.#boot()),
      losePower: () => {
        this.#faults = { ...this.#faults, powerLossAt: null }
        this.#boot()
      },
    })
  }

  /** After the answer that is on its way. */
  #soon(work: () => void): void {
    setTimeout(work, 10)
  }

  #goToDfu(): void {
    this.#mode = 'dfu'
    this.#dfu = this.#newFunction()
    this.#leave()
  }

  #boot(): void {
    this.#installed = this.#dfu.installed
    this.#dfu = this.#newFunction()
    this.#mode = this.version === null ? 'dfu' : 'application'
    this.#startedAt = this.#now()
    this.restarts += 1
    this.#leave()
  }
}
