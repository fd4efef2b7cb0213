import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../../shared/clock.ts'
import type { DemoState, SimFault } from '../../../shared/contract/demo.ts'
import { AppError, isAppError } from '../../../shared/errors.ts'
import { toInstant } from '../../../shared/model/text.ts'
import { Depot } from '../../depot/depot.ts'
import { makeFirmware, makeSystem } from '../../sim/artifacts/demo.ts'
import { playFault } from '../../sim/demo-faults.ts'
import { SIM_PROFILES } from '../../sim/profiles.ts'
import type { Sim } from '../../sim/sim.ts'
import { SimPorts } from '../../sim/sim-ports.ts'
import { startSim } from '../../sim/start.ts'
import type { LinkOpener } from '../link/link.ts'
import { DEMO_DEVICES, DEMO_TARGETS, type DemoDeviceId, demoPlans, demoSite } from './documents.ts'
import { demoPlaces } from './places.ts'

export interface DemoWorldOptions {
  readonly dir: string
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}

/** How fast the simulated machines are: slow enough to watch, quick enough for a tour. */
const CRANE_SIZE = 420_000
const CRANE_WORK_MS = 14
const GATEWAY_SIZE = 260_000
const GATEWAY_WORK_MS = 6
const WINCH_SIZE = 3_000_000
const WINCH_BYTES_PER_SECOND = 900_000
const BOOT_MS = 1500
const LEASE_MS = 60 * 86_400_000

/** A publisher's depot and three simulated devices, on this machine alone. */
export class DemoWorld {
  readonly url: string
  readonly fingerprint: string
  /** Opens the port of a simulated device where there are no pseudo-terminals. */
  readonly opener: LinkOpener
  readonly #depot: Depot
  readonly #clock: Clock
  readonly #sims: Readonly<Record<DemoDeviceId, Sim>>
  readonly #faults = new Map<string, SimFault>()
  readonly #closeServer: () => Promise<void>

  private constructor(parts: {
    url: string
    fingerprint: string
    opener: LinkOpener
    depot: Depot
    clock: Clock
    sims: Readonly<Record<DemoDeviceId, Sim>>
    closeServer: () => Promise<void>
  }) {
    this.url = parts.url
    this.fingerprint = parts.fingerprint
    this.opener = parts.opener
    this.#depot = parts.depot
    this.#clock = parts.clock
    this.#sims = parts.sims
    this.#closeServer = parts.closeServer
  }

  /** Puts the world up, or the one that an earlier life of the host left in `dir`. */
  static async open({ dir, clock, onError }: DemoWorldOptions): Promise<DemoWorld> {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    const ports = new SimPorts()
    const places = await demoPlaces(join(dir, 'places.json'))
    const sims = await startSims(dir, places, ports)
    try {
      const depot = await openDepot(join(dir, 'depot'), clock, sims)
      const serving = await depot.serve({ port: places.depot, onError })
      const { fingerprint } = await depot.fingerprint()
      const { opener } = ports
      const world = new DemoWorld({
        url: serving.url,
        fingerprint,
        opener,
        depot,
        clock,
        sims,
        closeServer: serving.close,
      })
      // The tour's first lesson: nothing is written to a crane whose boom is up.
      await world.setFault('crane', 'boom-up')
      return world
    } catch (error) {
      await closeSims(sims)
      throw error
    }
  }

  devices(): DemoState['devices'] {
    return (Object.keys(DEMO_DEVICES) as DemoDeviceId[]).map((id) => ({
      id,
      name: DEMO_DEVICES[id].name,
      address: this.#sims[id].address,
      fault: this.#faults.get(id) ?? 'none',
    }))
  }

  fault(device: DemoDeviceId): SimFault {
    return this.#faults.get(device) ?? 'none'
  }

  /** Throws `device.unknown`. */
  async setFault(device: string, fault: SimFault): Promise<void> {
    if (!Object.hasOwn(DEMO_DEVICES, device)) throw new AppError('device.unknown', { detail: { device } })
    playFault(this.#sims[device as DemoDeviceId], fault)
    this.#faults.set(device, fault)
  }

  /** What the publisher does with an enrolment request: lets the person in for two months, and publishes. */
  async approve(request: Uint8Array): Promise<void> {
    await this.#depot.addOperator(request, {
      roles: ['technician', 'supervisor'],
      sites: ['*'],
      deviceTypes: ['*'],
      notAfter: toInstant(this.#clock.now() + LEASE_MS),
    })
    await this.#depot.publish()
  }

  /** Ids of those whom the publisher has let in. */
  async approved(): Promise<ReadonlySet<string>> {
    return new Set((await this.#depot.operators()).operators.map(({ id }) => id))
  }

  async close(): Promise<void> {
    await this.#closeServer()
    await closeSims(this.#sims)
  }
}

async function startSims(
  dir: string,
  places: { gateway: number; winch: number },
  ports: SimPorts,
): Promise<Record<DemoDeviceId, Sim>> {
  const { crane, gateway, winch } = DEMO_DEVICES
  const state = (id: DemoDeviceId) => join(dir, `${id}.flash`)
  const common = ({ type, serial, from }: { type: string; serial: string; from: string }) => ({
    type,
    serial,
    version: from,
  })
  const serial = {
    ...common(crane),
    kind: 'smp',
    type: 'acme-crane',
    dir,
    stateFile: state('crane'),
    workMs: CRANE_WORK_MS,
    bootMs: BOOT_MS,
  } as const
  const cranePort = startSim({ ...serial, transport: 'pty' }, ports).catch((error: unknown) => {
    // No socat on this machine: the same bytes inside this process.
    if (isAppError(error, 'link.unsupported')) return startSim({ ...serial, transport: 'memory' }, ports)
    throw error
  })
  const started = await Promise.allSettled([
    cranePort,
    startSim({
      ...common(gateway),
      kind: 'smp',
      type: 'acme-gateway',
      transport: 'udp',
      port: places.gateway,
      stateFile: state('gateway'),
      workMs: GATEWAY_WORK_MS,
      bootMs: BOOT_MS,
    }),
    startSim({
      ...common(winch),
      kind: 'swupdate',
      type: 'acme-winch',
      port: places.winch,
      stateFile: state('winch'),
      bytesPerSecond: WINCH_BYTES_PER_SECOND,
      installMs: 1500,
      bootMs: BOOT_MS,
    }),
  ])
  const failed = started.find((one) => one.status === 'rejected')
  const [first, second, third] = started.map((one) => (one.status === 'fulfilled' ? one.value : null))
  if (failed || !first || !second || !third) {
    await Promise.allSettled([first, second, third].map(async (sim) => sim?.close()))
    throw failed?.reason ?? new AppError('device.gone', { detail: { what: 'sim' } })
  }
  return { crane: first, gateway: second, winch: third }
}

async function closeSims(sims: Readonly<Record<DemoDeviceId, Sim>>): Promise<void> {
  await Promise.allSettled(Object.values(sims).map((sim) => sim.close()))
}

async function openDepot(dir: string, clock: Clock, sims: Readonly<Record<DemoDeviceId, Sim>>): Promise<Depot> {
  const held = await Depot.open(dir, { clock }).catch((error: unknown) => {
    if (isAppError(error, 'depot.not-a-depot')) return null
    throw error
  })
  const depot = held ?? (await Depot.create(dir, { clock, name: 'Acme Marine (demo)', policy: { offlineDays: 45 } }))
  if (!held) await stock(depot, clock.now())
  await depot.addSite(demoSite({ crane: sims.crane.address, gateway: sims.gateway.address, winch: sims.winch.address }))
  await depot.publish()
  return depot
}

async function stock(depot: Depot, now: number): Promise<void> {
  for (const profile of Object.values(SIM_PROFILES)) await depot.addProfile(profile)
  const { crane, gateway, winch } = DEMO_DEVICES
  const custom = (
    kind: 'mcuboot' | 'swu',
    { type, component, to }: { type: string; component: string; to: string },
  ) => ({
    kind,
    component,
    version: to,
    deviceTypes: [type],
    hardware: [],
  })
  const craneImage = makeFirmware({ type: crane.type, version: crane.to, size: CRANE_SIZE })
  const gatewayImage = makeFirmware({ type: gateway.type, version: gateway.to, size: GATEWAY_SIZE })
  const winchImage = await makeSystem({ type: winch.type, version: winch.to, size: WINCH_SIZE })
  await depot.addArtifact(DEMO_TARGETS.crane, craneImage, custom('mcuboot', crane))
  await depot.addArtifact(DEMO_TARGETS.gateway, gatewayImage, custom('mcuboot', gateway))
  await depot.addArtifact(DEMO_TARGETS.winch, winchImage, custom('swu', winch))
  for (const plan of demoPlans(now)) await depot.addPlan(plan)
}
