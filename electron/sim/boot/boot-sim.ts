import { crc32 } from 'node:zlib'
import type { ByteLink } from '../../host/link/link.ts'
import { sleep, within } from '../../host/link/waiting.ts'
import { ModemReceiver } from './modem-receiver.ts'

/** What goes wrong with the simulated device, and when. */
export interface BootFaults {
  /** Goes silent for good when a load has brought this many bytes. */
  deadAt: number | null
  /** Breaks a load off (CAN) when it has brought this many bytes. */
  cancelAt: number | null
  /** Spoils a byte of what was loaded (`memory`) or stored (`media`). */
  spoil: 'no' | 'memory' | 'media'
  /** Answers the order to store with an error. */
  refuseStore: boolean
  /** Starts the application whatever is pressed. */
  noStop: boolean
  /** Its application does not restart when told to. */
  noRestart: boolean
  /** Stays in the boot loader when told to start. */
  noStart: boolean
  /** The application prints a line of its own this often, ms; 0: never. */
  chatterMs: number
}

const NO_FAULTS: BootFaults = {
  deadAt: null,
  cancelAt: null,
  spoil: 'no',
  refuseStore: false,
  noStop: false,
  noRestart: false,
  noStart: false,
  chatterMs: 0,
}

export interface BootSimOptions {
  readonly serial: string
  readonly image: Uint8Array
  readonly faults?: Partial<BootFaults>
  /** ms from the first sign of the boot loader to its countdown, and of the countdown. */
  readonly bootMs?: number
  readonly countMs?: number
  /** ms without a byte after which its receiver asks again. */
  readonly silenceMs?: number
  /** The line between the two, where its speed counts: what is said at another speed than the host's is noise. */
  readonly line?: { baud: number }
  /** How it fetches a file over the network. Rejects with what it says of it. */
  readonly fetch?: (server: string, file: string) => Promise<Uint8Array>
}

/** `pump VERSION selftest=pass|fail` and filling: what the simulated boot loader starts. */
export function makePump(version: string, size = 8000, selfTest: 'pass' | 'fail' = 'pass'): Uint8Array {
  const image = Buffer.alloc(size)
  for (let at = 0; at < size; at += 1) image[at] = (at * 13 + (at >> 8)) & 0xff
  image.write(`pump ${version} selftest=${selfTest}\n`, 'latin1')
  return new Uint8Array(image)
}

const BASE = 0x4000_0000
const CONSOLE_BAUD = 115_200

/** A device of type `acme-pump`: an application with a console, and a boot loader that talks like U-Boot. */
export class BootSim {
  readonly faults: BootFaults
  /** What is typed and what was loaded, for tests to look at. */
  readonly commands: string[] = []
  restarts = 0
  hatchOpen = false
  image: Uint8Array
  #mode: 'application' | 'bootloader' | 'dead' = 'application'
  readonly #memory = new Map<number, Uint8Array>()
  readonly #link: ByteLink
  readonly #options: BootSimOptions
  readonly #off = new AbortController()
  #pending: number[] = []
  #baud = CONSOLE_BAUD
  readonly #environment = new Map<string, string>()

  constructor(link: ByteLink, options: BootSimOptions) {
    this.#link = link
    this.#options = options
    this.image = options.image
    this.faults = { ...NO_FAULTS, ...options.faults }
  }

  get mode(): 'application' | 'bootloader' | 'dead' {
    return this.#mode
  }

  get version(): string | null {
    return /^pump (\S+) selftest=/.exec(Buffer.from(this.image.subarray(0, 64)).toString('latin1'))?.[1] ?? null
  }

  switchOff(): void {
    this.#off.abort()
  }

  /** Runs until it is switched off. Starts at the application's prompt. */
  async run(): Promise<void> {
    const chatter = this.#chatter()
    await this.#print('pump> ')
    let line = ''
    while (!this.#off.signal.aborted) {
      const byte = await this.#byte(null).catch(() => null)
      if (byte === null) break
      if (this.#mode === 'dead') continue
      if (byte === 0x03) line = ''
      if (byte === 0x0d || byte === 0x03) {
        await this.#print('\r\n')
        const typed = line.trim()
        line = ''
        if (typed !== '') await this.#command(typed)
        await this.#print(this.#mode === 'application' ? 'pump> ' : '=> ')
      } else if (byte >= 0x20) {
        line += String.fromCharCode(byte)
        await this.#print(String.fromCharCode(byte))
      }
    }
    await chatter
  }

  async #command(typed: string): Promise<void> {
    this.commands.push(typed)
    if (this.#mode === 'application') await this.#application(typed)
    else await this.#bootLoader(typed)
  }

  async #application(typed: string): Promise<void> {
    const selfTest = /selftest=(\w+)/.exec(Buffer.from(this.image.subarray(0, 64)).toString('latin1'))?.[1]
    if (typed === 'id') await this.#print(`type=acme-pump hardware=1.2 serial=${this.#options.serial}\r\n`)
    else if (typed === 'version') await this.#print(`version=${this.version}\r\n`)
    else if (typed === 'status')
      await this.#print(`hatch=${this.hatchOpen ? 'open' : 'closed'} selftest=${selfTest}\r\n`)
    else if (typed === 'reboot' && !this.faults.noRestart) await this.#restart()
    else await this.#print('what?\r\n')
  }

  async #bootLoader(typed: string): Promise<void> {
    const [name = '', ...args] = typed.split(' ')
    const baud = Number(args[1] ?? CONSOLE_BAUD)
    if (name === 'loady' || name === 'loadx') await this.#loadAt(baud, name === 'loady', Number(args[0]))
    else if (name === 'setenv') this.#environment.set(args[0] ?? '', args[1] ?? '')
    else if (name === 'printenv') await this.#print(`${args[0]}=${this.#environment.get(args[0] ?? '') ?? ''}\r\n`)
    else if (name === 'tftpboot') await this.#fetch(Number(args[0]), args[1] ?? '')
    else if (name === 'crc32') {
      const bytes = this.#at(Number(args[0]), Number(args[1]))
      await this.#print(`crc32 for ${args[0]} ... ==> ${crc32(bytes).toString(16).padStart(8, '0')}\r\n`)
    } else if (name === 'fatwrite') {
      if (this.faults.refuseStore) await this.#print('** Unable to write file app.bin **\r\n')
      else {
        this.image = this.#at(Number(args[2]), Number(args[4]))
        if (this.faults.spoil === 'media') this.image[this.image.length - 1] = 0x5a
        await this.#print(`${this.image.length} bytes written in 3 ms\r\n`)
      }
    } else if (name === 'fatload' && typed.includes('id.env')) {
      const field = args.at(-1) ?? ''
      const values: Record<string, string> = { type: 'acme-pump', hardware: '1.2', serial: this.#options.serial }
      await this.#print(`39 bytes read in 0 ms\r\n${field}=${values[field]}\r\n`)
    } else if (name === 'fatload') {
      this.#memory.set(Number(args[2]), this.image.slice())
      await this.#print(`${this.image.length} bytes read in 1 ms\r\n`)
    } else if (name === 'md.l') {
      const address = Number(args[0]).toString(16)
      await this.#print(`${address}: 0000000${this.hatchOpen ? 1 : 0}                             ....\r\n`)
    } else if (name === 'reset') {
      await this.#print('resetting ...\r\n')
      if (!this.faults.noStart) await this.#restart()
    } else await this.#print(`Unknown command '${name}' - try 'help'\r\n`)
  }

  /** All that was loaded from an address on, however many pieces it came in. */
  #at(address: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    for (const [at, piece] of this.#memory) {
      if (at >= address && at < address + length) bytes.set(piece.subarray(0, address + length - at), at - address)
    }
    return bytes
  }

  /** As U-Boot: the new speed waits for ENTER, the old one for ESC, for ever. */
  async #loadAt(baud: number, batch: boolean, address: number): Promise<void> {
    if (baud === this.#baud) return this.#load(batch, address)
    await this.#print(`## Switch baudrate to ${baud} bps and press ENTER ...\r\n`)
    this.#baud = baud
    await this.#key(0x0d)
    await this.#load(batch, address)
    await this.#print(`## Switch baudrate to ${CONSOLE_BAUD} bps and press ESC ...\r\n`)
    this.#baud = CONSOLE_BAUD
    await this.#key(0x1b)
  }

  async #key(wanted: number): Promise<void> {
    for (let byte: number | null = -1; byte !== wanted && byte !== null; )
      byte = await this.#byte(null).catch(() => null)
  }

  async #fetch(address: number, file: string): Promise<void> {
    const server = this.#environment.get('serverip') ?? ''
    await this.#print(`TFTP from server ${server}\r\nFilename '${file}'.\r\nLoading: *\b`)
    try {
      const bytes = await this.#options.fetch?.(server, file)
      if (!bytes) throw new Error('no network')
      this.#memory.set(address, bytes)
      await this.#print(`####\r\ndone\r\nBytes transferred = ${bytes.length}\r\n`)
    } catch (error) {
      await this.#print(`\r\n${error instanceof Error ? error.message : 'failed'}\r\nNot retrying...\r\n`)
    }
  }

  async #load(batch: boolean, address: number): Promise<void> {
    const { faults } = this
    const at = (address || BASE).toString(16)
    const kind = batch ? 'ymodem' : 'xmodem'
    await this.#print(`## Ready for binary (${kind}) download to 0x${at} at ${this.#baud} bps...\r\n`)
    const receiver = new ModemReceiver({ batch, habits: 'u-boot', check: 'crc' })
    await this.#send(receiver.silence())
    while (!receiver.over && !this.#off.signal.aborted) {
      const byte = await this.#byte(this.#options.silenceMs ?? 300)
      await this.#send(byte === null ? receiver.silence() : receiver.take(byte))
      const got = address - 0x4100_0000 + receiver.received
      if (faults.deadAt !== null && got >= faults.deadAt) {
        this.#mode = 'dead'
        return
      }
      if (faults.cancelAt !== null && got >= faults.cancelAt) {
        faults.cancelAt = null
        await this.#print('\u0018\u0018\u0018\u0018\b\b\b\b')
        receiver.state = 'cancelled'
      }
    }
    if (receiver.state === 'cancelled') {
      await this.#print(`## Binary (ymodem) download aborted\r\n`)
      return
    }
    const file = receiver.file()
    if (faults.spoil === 'memory') file[0] = (file[0] ?? 0) ^ 1
    this.#memory.set(address, file)
    await this.#print(`## Total Size      = 0x${file.length.toString(16)} = ${file.length} Bytes\r\n`)
  }

  async #restart(): Promise<void> {
    const { bootMs = 20, countMs = 120 } = this.#options
    this.restarts += 1
    this.#mode = 'bootloader'
    await this.#print('restarting\r\n')
    await sleep(bootMs, this.#off.signal)
    this.#pending = []
    await this.#print('\r\n\r\nU-Boot 2023.01 (simulated)\r\n\r\nHit any key to stop autoboot:  2 ')
    const key = await this.#byte(countMs)
    await this.#print('\b\b\b 0 \r\n')
    if (key !== null && !this.faults.noStop) return
    if (this.version === null) return
    this.#mode = 'application'
    await this.#print(`\r\nBilge pump controller ${this.version}\r\n`)
  }

  async #chatter(): Promise<void> {
    const { signal } = this.#off
    while (this.faults.chatterMs > 0 && !signal.aborted) {
      await sleep(this.faults.chatterMs, signal).catch(() => {})
      if (this.#mode === 'application') await this.#print('\r\n[pump] level 12 cm\r\npump> ')
    }
  }

  async #print(text: string): Promise<void> {
    await this.#send(Buffer.from(text, 'latin1'))
  }

  async #send(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0 || this.#mode === 'dead') return
    await this.#link.write(this.#isHeard() ? bytes : bytes.map(() => 0xff), this.#off.signal).catch(() => {})
  }

  #isHeard(): boolean {
    const { line } = this.#options
    return line === undefined || line.baud === this.#baud
  }

  /** The next byte from the line; null: none came within `ms`. */
  async #byte(ms: number | null): Promise<number | null> {
    while (this.#pending.length === 0) {
      const { signal } = this.#off
      if (ms === null) this.#pending.push(...(await this.#link.read(signal)))
      else {
        const bytes = await within(ms, 'timeout', signal, (wait) => this.#link.read(wait)).catch(() => null)
        if (!bytes) return null
        this.#pending.push(...bytes)
      }
    }
    const byte = this.#pending.shift() ?? null
    return byte === null || this.#isHeard() ? byte : 0xff
  }
}
