import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { makeFirmware } from './artifacts/demo.ts'
import { type Faults, NO_FAULTS, seededRandom } from './faults.ts'
import { SMP_MACHINES } from './profiles.ts'
import type { SimPorts } from './sim-ports.ts'
import { consoleChannel } from './smp/console-channel.ts'
import { SmpDevice, type SmpDeviceConfig, type SmpDeviceState } from './smp/device.ts'
import { rawChannel } from './smp/raw-channel.ts'
import { SmpSim } from './smp/smp-sim.ts'
import { memoryWiring, ptyWiring, udpWiring, type Wiring } from './smp/wiring.ts'
import { stateFile } from './state-file.ts'

export interface StartSmp {
  readonly kind: 'smp'
  readonly type: keyof typeof SMP_MACHINES
  readonly serial: string
  readonly id?: string
  /** `pty` needs socat; `memory` is in this process only and needs `ports`. */
  readonly transport: 'pty' | 'udp' | 'memory'
  /** How packets lie on a serial line; console lines unless said otherwise. */
  readonly framing?: 'console' | 'raw'
  /** Where pseudo-terminals get their paths. */
  readonly dir?: string
  /** UDP port; 0 takes any. */
  readonly port?: number
  /** The version it runs at first. */
  readonly version?: string
  /** Files for devices with several images, by MCUboot image number. */
  readonly images?: readonly Uint8Array[]
  /** Keeps the device's flash, so that the next start goes on from there. */
  readonly stateFile?: string | null
  readonly faults?: Partial<Faults>
  readonly seed?: number
  readonly config?: Partial<Omit<SmpDeviceConfig, 'machine' | 'serial'>>
  readonly latencyMs?: number
  readonly workMs?: number
  readonly bootMs?: number
  readonly restartDelayMs?: number
}

/** Buffers as Zephyr has them by default over a console, with room for a window. */
const CONFIG = {
  slotSize: 1024 * 1024,
  eraseMs: 20,
  align: 4,
  resumes: true,
  bufSize: 1024,
  bufCount: 4,
  onlyVersion1: false,
  hasParams: true,
} as const

/** Switches a simulated SMP device on. Throws `link.unsupported` when `pty` is asked for and there is no socat. */
export async function startSmp(options: StartSmp, ports: SimPorts | null = null): Promise<SmpSim> {
  const machine = SMP_MACHINES[options.type]
  const file = stateFile(options.stateFile ?? null, () => device.state)
  const kept = file.load() as SmpDeviceState | null
  const device = new SmpDevice(
    { ...CONFIG, hardware: machine.hardware, ...options.config, machine, serial: options.serial },
    kept ?? fresh(options),
    { ...NO_FAULTS, ...options.faults },
    () => performance.now(),
  )
  return SmpSim.start({
    id: options.id ?? `${options.type}-${options.serial}`.toLowerCase(),
    type: options.type,
    serial: options.serial,
    device,
    wiring: wiring(options, ports),
    timing: {
      latencyMs: options.latencyMs ?? 0,
      workMs: options.workMs ?? 0,
      bootMs: options.bootMs ?? 100,
      restartDelayMs: options.restartDelayMs ?? 30,
    },
    random: seededRandom(options.seed ?? 1),
    save: () => file.save(),
    flush: () => file.flush(),
  })
}

function fresh({ type, version = '2.4.0', images = [makeFirmware({ type, version })] }: StartSmp): SmpDeviceState {
  return {
    pairs: images.map((primary) => ({ primary, secondary: new Uint8Array(), mark: 'none', trial: false })),
    signals: SMP_MACHINES[type].signals,
  }
}

function wiring({ transport, dir, serial, port = 0, framing }: StartSmp, ports: SimPorts | null): Wiring {
  if (transport === 'udp') return udpWiring(port)
  const name = serial.toLowerCase()
  const channelOf = framing === 'raw' ? rawChannel : consoleChannel
  if (transport === 'memory') {
    if (!ports) throw new AppError('link.unsupported', { detail: { what: 'memory' } })
    return memoryWiring(ports, name, channelOf)
  }
  return ptyWiring(dir ?? join(tmpdir(), `slipway-sim-${process.pid}`), name, channelOf)
}
