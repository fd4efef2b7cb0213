import { isSparse, writeSparse } from './sparse-writer.ts'

/** What goes wrong with the simulated device. */
export interface FastbootFaults {
  /** Answers nothing. */
  mute: boolean
  /** Goes silent for good when a download has brought this many bytes. */
  deadAt: number | null
  /** Refuses to write, in these words. */
  refuse: string | null
  /** Says that it wrote, and did not. */
  lie: boolean
  /** Loses its power in the middle of writing; once. */
  powerLoss: boolean
  /** Lines that it says before it answers an order. */
  lines: number
  /** Answers with something that is no answer. */
  garbage: boolean
  locked: boolean
  /** Says that it restarts, and does not. */
  stays: boolean
}

const NO_FAULTS: FastbootFaults = {
  mute: false,
  deadAt: null,
  refuse: null,
  lie: false,
  powerLoss: false,
  lines: 0,
  garbage: false,
  locked: false,
  stays: false,
}

export interface FastbootConfig {
  readonly serial: string
  readonly image: Uint8Array
  /** Two slots of everything; the image is in the first. */
  readonly slots: boolean
  readonly maxDownload: number
  readonly partitionSize: number
  /** Only its application knows the serial number. */
  readonly nameless?: boolean
}

export const FASTBOOT_DEVICE: Omit<FastbootConfig, 'serial' | 'image'> = {
  slots: false,
  maxDownload: 1 << 20,
  partitionSize: 4 << 20,
}

/** `plotter VERSION` and filling: what the simulated boot loader starts. */
export function makePlotter(version: string, size = 30_000): Uint8Array {
  const image = Uint8Array.from({ length: size }, (_, at) => (at * 11 + (at >> 8)) & 0xff)
  image.set(Buffer.from(`plotter ${version}\n`, 'latin1'))
  return image
}

type Letter = 'a' | 'b'

/** The device's side of fastboot, written from AOSP's README, without its transport. */
export class FastbootDevice {
  readonly config: FastbootConfig
  readonly faults: FastbootFaults = { ...NO_FAULTS }
  readonly partitions = new Map<string, Uint8Array>()
  readonly commands: string[] = []
  mode: 'application' | 'bootloader' = 'application'
  restarts = 0
  slot: Letter = 'a'
  readonly successful: Record<Letter, boolean> = { a: true, b: true }
  /** Called behind the answer to an order to restart. */
  onRestart: () => void = () => {}
  #memory: Uint8Array | null = null
  #next: (() => void) | null = null
  #download: { readonly into: Uint8Array; at: number } | null = null

  constructor(config: FastbootConfig) {
    this.config = config
    this.partitions.set(config.slots ? 'system_a' : 'system', config.image)
    if (config.slots) this.partitions.set('system_b', config.image)
    this.#boot()
  }

  /** Version of what would run; null: nothing that can. */
  get version(): string | null {
    const image = this.partitions.get(this.config.slots ? `system_${this.slot}` : 'system')
    return /^plotter (\S+)\n/.exec(Buffer.from(image?.subarray(0, 64) ?? []).toString('latin1'))?.[1] ?? null
  }

  /** A command, or data that it waits for. Returns what it says. */
  take(bytes: Uint8Array): readonly string[] {
    if (this.faults.mute) return []
    if (this.#download) return this.#data(this.#download, bytes)
    const command = Buffer.from(bytes).toString('latin1')
    this.commands.push(command)
    if (this.faults.garbage) return ['NONE of that']
    const [name = '', ...rest] = command.split(':')
    const answer = this.#command(name, rest.join(':'))
    return name === 'getvar'
      ? [answer]
      : [...Array.from({ length: this.faults.lines }, (_, at) => `INFOstep ${at}`), answer]
  }

  /** Whether it waits for data. */
  get isDownloading(): boolean {
    return this.#download !== null
  }

  /** The network's boot loaders: whoever sends nothing gives the data up. */
  giveUp(): string {
    this.#download = null
    return 'FAILReceived invalid data length'
  }

  /** Off and on again. */
  powerCycle(): void {
    this.#boot()
  }

  #command(name: string, argument: string): string {
    if (name === 'getvar') return this.#variable(argument)
    if (name === 'download') {
      const length = Number.parseInt(argument, 16)
      if (length > this.config.maxDownload) return `FAIL${argument}`
      this.#download = { into: new Uint8Array(length), at: 0 }
      return `DATA${argument}`
    }
    if (name === 'flash') return this.#flash(argument)
    if (name === 'erase') return this.partitions.delete(argument) ? 'OKAY' : 'FAILno such partition'
    if (name === 'set_active' && this.config.slots && (argument === 'a' || argument === 'b')) {
      if (this.slot !== argument) this.successful[argument] = false
      this.slot = argument
      return 'OKAY'
    }
    if (name === 'reboot' || name === 'continue') return this.#restart(() => this.#boot())
    if (name === 'reboot-bootloader') {
      return this.#restart(() => {
        this.mode = 'bootloader'
      })
    }
    return 'FAILunrecognized command'
  }

  #variable(name: string): string {
    const { serial, slots, maxDownload, partitionSize } = this.config
    const runs = this.mode === 'application'
    const known: Readonly<Record<string, string>> = {
      version: '0.4',
      product: 'acme-plotter',
      ...((runs || !this.config.nameless) && { serialno: serial }),
      'hw-revision': '1.1',
      'version-bootloader': 'sim-1',
      'battery-voltage': '12400',
      'max-download-size': `0x${maxDownload.toString(16)}`,
      'is-userspace': runs ? 'yes' : 'no',
      unlocked: this.faults.locked ? 'no' : 'yes',
      'has-slot:system': slots ? 'yes' : 'no',
      'partition-type:system': 'raw',
      ...(runs && { 'version-app': `v${this.version}` }),
      ...(slots && {
        'slot-count': '2',
        'current-slot': this.slot,
        'slot-successful:a': this.successful.a ? 'yes' : 'no',
        'slot-successful:b': this.successful.b ? 'yes' : 'no',
      }),
    }
    if (name.startsWith('partition-size:')) return `OKAY0x${partitionSize.toString(16)}`
    return known[name] === undefined ? 'FAILGetVar Variable Not found' : `OKAY${known[name]}`
  }

  #data(download: { readonly into: Uint8Array; at: number }, bytes: Uint8Array): readonly string[] {
    const { into } = download
    into.set(bytes.subarray(0, into.length - download.at), download.at)
    download.at = Math.min(into.length, download.at + bytes.length)
    if (this.faults.deadAt !== null && download.at >= this.faults.deadAt) {
      this.faults.mute = true
      return []
    }
    if (download.at < into.length) return []
    this.#memory = into
    this.#download = null
    return ['OKAY']
  }

  #flash(partition: string): string {
    if (this.mode === 'application') return 'FAILnot in boot loader'
    if (this.faults.refuse !== null) return `FAIL${this.faults.refuse}`
    if (!this.partitions.has(partition)) return `FAILpartition table doesn't exist`
    if (!this.#memory) return 'FAILno image'
    if (this.faults.powerLoss) {
      this.faults.powerLoss = false
      this.partitions.set(partition, this.#memory.slice(100))
      this.powerCycle()
      this.onRestart()
      return ''
    }
    const held = this.partitions.get(partition) ?? new Uint8Array()
    const after = isSparse(this.#memory) ? writeSparse(held, this.#memory) : this.#memory
    if (!after) return 'FAILsparse image write failure'
    if (!this.faults.lie) this.partitions.set(partition, after)
    return 'OKAY'
  }

  /** Its last answer is out: it may do what it said. */
  said(): void {
    const then = this.#next
    this.#next = null
    if (!then || this.faults.stays) return
    setTimeout(() => {
      then()
      this.#download = null
      this.#memory = null
      this.restarts += 1
      this.onRestart()
    }, 5)
  }

  #restart(then: () => void): string {
    this.#next = then
    return 'OKAY'
  }

  #boot(): void {
    this.#download = null
    this.mode = this.version === null ? 'bootloader' : 'application'
    if (this.mode === 'application') this.successful[this.slot] = true
  }
}
