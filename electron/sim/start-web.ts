import { imageBody } from './artifacts/demo.ts'
import { type Faults, NO_FAULTS } from './faults.ts'
import { WEB_MACHINES } from './profiles.ts'
import { stateFile } from './state-file.ts'
import type { Account } from './swupdate/digest-login.ts'
import { WebDevice, type WebDeviceState } from './swupdate/web-device.ts'
import { WebSim } from './swupdate/web-sim.ts'

export interface StartWeb {
  readonly kind: 'swupdate'
  readonly type: keyof typeof WEB_MACHINES
  readonly serial: string
  readonly id?: string
  /** 0 takes any free port. */
  readonly port?: number
  readonly version?: string
  readonly hardware?: string
  /** Login that the web server asks for; none by default. */
  readonly account?: Account | null
  /** Refuses packages that carry no signature. */
  readonly signed?: boolean
  readonly notBelow?: string | null
  readonly stateFile?: string | null
  readonly faults?: Partial<Faults>
  readonly bytesPerSecond?: number | null
  readonly installMs?: number
  readonly bootMs?: number
}

/** Switches a simulated SWUpdate device on. */
export async function startWeb(options: StartWeb): Promise<WebSim> {
  const machine = WEB_MACHINES[options.type]
  const file = stateFile(options.stateFile ?? null, () => device.state)
  const kept = file.load() as WebDeviceState | null
  const device = new WebDevice(
    machine,
    { serial: options.serial, hardware: options.hardware ?? machine.hardware },
    kept ?? fresh(options),
    { ...NO_FAULTS, ...options.faults },
    () => performance.now(),
  )
  return WebSim.start({
    id: options.id ?? `${options.type}-${options.serial}`.toLowerCase(),
    type: options.type,
    serial: options.serial,
    port: options.port ?? 0,
    bootMs: options.bootMs ?? 300,
    server: {
      device,
      account: options.account ?? null,
      expected: { signed: options.signed ?? false, notBelow: options.notBelow ?? null },
      bytesPerSecond: options.bytesPerSecond ?? null,
      installMs: options.installMs ?? 60,
    },
    save: () => file.save(),
    flush: () => file.flush(),
  })
}

function fresh({ type, version = '1.0.0' }: StartWeb): WebDeviceState {
  const payload = imageBody({ type, version })
  return { running: { version, payload }, standby: null, signals: WEB_MACHINES[type].signals }
}
