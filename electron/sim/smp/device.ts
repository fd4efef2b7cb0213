import { GROUP, type SmpPacket } from '../../host/protocol/smp/packet.ts'
import type { Faults } from '../faults.ts'
import type { MachineView, SignalValue, SmpMachine } from '../machines/machine.ts'
import { type Answer, no, yes } from './answer.ts'
import { boot, type ImagePair, imageInfo } from './image-pair.ts'
import { ImageServer, type ImageServerConfig } from './image-server.ts'
import { type OsConfig, OsServer } from './os-server.ts'
import { RECOVERY_BUFFER, RecoveryServer } from './recovery-server.ts'
import { StorageServer } from './storage-server.ts'

export interface SmpDeviceConfig extends ImageServerConfig, OsConfig {
  readonly machine: SmpMachine
  readonly serial: string
  readonly hardware: string
  /** MCUboot before 2.0.0: whatever has version bits set is dropped. */
  readonly onlyVersion1: boolean
}

export interface SmpDeviceState {
  readonly pairs: readonly ImagePair[]
  readonly signals: Readonly<Record<string, SignalValue>>
}

/**
 * A device that speaks SMP: an application with two slots under an MCUboot. No clock and no link of its own:
 * `monotonic` is passed in, and what an answer does to the device is told, not done.
 */
export class SmpDevice {
  readonly images: ImageServer
  readonly storage: StorageServer
  /** The boot loader answers, and waits for an image. */
  inRecovery = false
  signals: Readonly<Record<string, SignalValue>>
  faults: Faults
  readonly #config: SmpDeviceConfig
  readonly #monotonic: () => number
  readonly #os: OsServer
  readonly #recovery: RecoveryServer
  #bootedAt: number

  constructor(config: SmpDeviceConfig, state: SmpDeviceState, faults: Faults, monotonic: () => number) {
    this.#config = config
    this.images = new ImageServer(state.pairs, config)
    this.storage = new StorageServer(config.bufSize)
    this.#os = new OsServer(config, monotonic)
    this.#recovery = new RecoveryServer(this.images)
    this.signals = state.signals
    this.faults = faults
    this.#monotonic = monotonic
    this.#bootedAt = monotonic()
  }

  get state(): SmpDeviceState {
    return { pairs: this.images.pairs, signals: this.signals }
  }

  get bufCount(): number {
    return this.inRecovery ? 1 : this.#config.bufCount
  }

  /** Longest packet that fits a buffer. */
  get bufSize(): number {
    return this.inRecovery ? RECOVERY_BUFFER : this.#config.bufSize
  }

  /** ms since 1970 by its own clock; null: nobody has set it. */
  get time(): number | null {
    return this.#os.time
  }

  /** Power on or restart: the boot loader decides, and all that is not in flash is gone. */
  boot(): void {
    this.images.forgetSession()
    this.storage.restart()
    this.#os.forgetTime()
    this.#bootedAt = this.#monotonic()
    const { lie, refuse, breakApplication } = this.faults
    if (breakApplication) this.#breakApplication()
    this.images.pairs = this.images.pairs.map((pair) => {
      if (lie && pair.mark !== 'none') this.images.claim = imageInfo(pair.secondary)?.version ?? null
      return boot(pair, () => !lie && refuse !== 'boot')
    })
    if (!lie) this.images.claim = null
    // With nothing to start, the boot loader waits for something (MCUboot `BOOT_SERIAL_NO_APPLICATION`).
    this.inRecovery = !this.images.pairs.every(({ primary }) => imageInfo(primary)?.intact)
  }

  #breakApplication(): void {
    this.faults = { ...this.faults, breakApplication: false }
    const [pair] = this.images.pairs
    if (!pair) return
    const damaged = Buffer.from(pair.primary)
    const middle = damaged.length >> 1
    damaged.writeUInt8(damaged.readUInt8(middle) ^ 0xff, middle)
    this.images.replacePrimary(0, damaged)
  }

  /** What the device makes of one request; null: dropped without a word. */
  handle(packet: SmpPacket): Answer | null {
    if (this.faults.stall || (this.#config.onlyVersion1 && packet.version !== 1)) return null
    if (this.inRecovery) return this.#recovery.handle(packet)
    this.images.refuseUploads = this.faults.refuse === 'upload'
    switch (packet.group) {
      case GROUP.os:
        return this.#os.handle(packet)
      case GROUP.image:
        return this.#image(packet)
      case GROUP.stat:
        return this.#stat(packet)
      case GROUP.settings:
        return this.storage.setting(packet)
      case GROUP.fs:
        return this.storage.file(packet)
      case GROUP.shell:
        return this.#shell(packet)
      default:
        return no(null, 8)
    }
  }

  get view(): MachineView {
    const running = imageInfo(this.images.pairs[0]?.primary ?? new Uint8Array())
    return {
      serial: this.#config.serial,
      hardware: this.#config.hardware,
      version: running?.version ?? '',
      signals: this.signals,
      uptime: this.#monotonic() - this.#bootedAt,
      image: Buffer.from(running?.body.subarray(0, 200) ?? []).toString('latin1'),
    }
  }

  #image({ id, op, body }: SmpPacket): Answer {
    if (id === 0) return op === 0 ? this.images.list() : this.images.mark(body)
    if (id === 5) return this.images.erase(body)
    if (id === 6) return this.images.slots()
    if (id !== 1) return no(null, 8)
    const answer = this.images.upload(body)
    const { powerLossAt } = this.faults
    if (powerLossAt === null || this.images.uploaded < powerLossAt) return answer
    this.faults = { ...this.faults, powerLossAt: null }
    return { ...answer, reply: null, effect: 'power-loss' }
  }

  #stat({ id, body }: SmpPacket): Answer {
    if (id !== 0) return no(null, 8)
    const fields = this.#config.machine.stat(String(body.name), this.view)
    return fields ? yes({ name: body.name, fields }) : no(GROUP.stat, 2, 5)
  }

  #shell({ id, body }: SmpPacket): Answer {
    const argv = body.argv
    if (id !== 0 || !Array.isArray(argv)) return no(null, 3)
    const output = this.#config.machine.shell(argv.map(String), this.view)
    return output === null ? yes({ o: `${argv[0]}: command not found`, ret: -8 }) : yes({ o: output, ret: 0 })
  }
}
