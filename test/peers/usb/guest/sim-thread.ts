import { parentPort, Worker } from 'node:worker_threads'
import type { SignalValue } from '../../../../electron/sim/machines/machine.ts'
import { DfuDevice, type DfuDeviceConfig } from '../../../../electron/sim/usb/dfu-device.ts'
import type { DfuFaults } from '../../../../electron/sim/usb/dfu-function.ts'
import { type FastbootReport, type FastbootSim, plugFastboot } from './fastboot-sim.ts'
import { type SerialSim, startSerialSim } from './serial-sim.ts'
import { plugIn } from './usbip.ts'

/** ms between a device's going and its coming back. */
const GAP_MS = 100

const GET_DESCRIPTOR = 6
const SET_CONFIGURATION = 9

/** What is true of a simulated device, whatever it says. */
export interface SimReport {
  readonly mode: 'application' | 'dfu'
  readonly version: string | null
  readonly restarts: number
  /** Requests in DFU mode, by number. */
  readonly counts: readonly number[]
  readonly flash: Uint8Array
  /** ms from the first to the last DFU_DNLOAD, by the device's clock. */
  readonly downloadMs: number
}

interface Orders {
  plug(config: DfuDeviceConfig): Promise<number>
  pull(id: number): void
  pullAll(): void
  faults(id: number, faults: Partial<DfuFaults>): void
  signals(id: number, signals: Readonly<Record<string, SignalValue>>): void
  report(id: number): SimReport
  /** A device with a USB serial port, by its serial number; again: the same one in another moment. */
  plugSerial(serial: string): Promise<void>
  pullSerial(serial: string): void
  /** A device that waits in fastboot mode. */
  plugFastboot(serial: string): Promise<void>
  pullFastboot(serial: string): void
  fastbootReport(serial: string): FastbootReport
}

type Order = { [K in keyof Orders]: { readonly name: K; readonly args: Parameters<Orders[K]> } }[keyof Orders]
type Message = Order & { readonly id: number }

interface Plugged {
  readonly device: DfuDevice
  readonly times: { first: number; last: number }
  pull: () => void
  gone: boolean
}

function orders(): Orders {
  const all: Plugged[] = []
  const serials = new Map<string, SerialSim>()
  const fastboots = new Map<string, FastbootSim>()
  const of = (id: number) => {
    const found = all[id]
    if (!found) throw new Error(`no device ${id}`)
    return found
  }
  return {
    async plug(config) {
      const device = new DfuDevice(config)
      const times = { first: 0, last: 0 }
      const answer = device.control.bind(device)
      let configured = false
      device.control = (setup, data) => {
        if (setup.type === 'class' && setup.request === 1) {
          times.first ||= performance.now()
          times.last = performance.now()
        }
        // Over this wire the kernel resets a port without telling. What a device sees of it is that it is enumerated
        // again: its descriptor is asked for in 64 bytes (hub_port_init).
        if (setup.type === 'standard' && setup.request === SET_CONFIGURATION) configured = true
        const enumerates = setup.type === 'standard' && setup.request === GET_DESCRIPTOR && setup.value === 0x100
        if (configured && enumerates && setup.length === 64) {
          configured = false
          device.busReset()
        }
        return answer(setup, data)
      }
      const plugged: Plugged = { device, times, pull: () => {}, gone: false }
      const appear = async () => {
        if (plugged.gone) return
        configured = false
        device.plugged(leave)
        plugged.pull = await plugIn(device)
      }
      const leave = () => {
        plugged.pull()
        setTimeout(() => void appear(), GAP_MS)
      }
      await appear()
      return all.push(plugged) - 1
    },
    pull(id) {
      of(id).gone = true
      of(id).pull()
    },
    pullAll() {
      for (const plugged of all) {
        plugged.gone = true
        plugged.pull()
      }
    },
    faults: (id, faults) => of(id).device.setFaults(faults),
    signals: (id, signals) => of(id).device.setSignals(signals),
    report(id) {
      const { device, times } = of(id)
      const { mode, version, restarts, flash, dfu } = device
      return { mode, version, restarts, counts: dfu.counts, flash: flash.bytes, downloadMs: times.last - times.first }
    },
    async plugSerial(serial) {
      const sim = serials.get(serial) ?? (await startSerialSim(serial))
      serials.set(serial, sim)
      await sim.plug()
    },
    pullSerial: (serial) => serials.get(serial)?.pull(),
    async plugFastboot(serial) {
      fastboots.set(serial, await plugFastboot(serial))
    },
    pullFastboot: (serial) => fastboots.get(serial)?.pull(),
    fastbootReport(serial) {
      const sim = fastboots.get(serial)
      if (!sim) throw new Error(`no device ${serial}`)
      return sim.report()
    },
  }
}

/** The thread's own side. */
export function obeyOrders(): void {
  const table = orders()
  parentPort?.on('message', ({ id, name, args }: Message) => {
    void (async () => {
      try {
        const work = table[name] as (...given: readonly unknown[]) => unknown
        parentPort?.postMessage({ id, value: await work(...args) })
      } catch (error) {
        parentPort?.postMessage({ id, error: String(error) })
      }
    })()
  })
}

export type Sims = { [K in keyof Orders]: (...args: Parameters<Orders[K]>) => Promise<Awaited<ReturnType<Orders[K]>>> }

/** Starts the thread in which the devices live. It ends with the process. */
export function startSims(file: URL): Sims {
  const worker = new Worker(file)
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  worker.on('message', ({ id, value, error }: { id: number; value?: unknown; error?: string }) => {
    const answer = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) answer?.resolve(value)
    else answer?.reject(new Error(error))
  })
  let count = 0
  const send = (name: string, args: readonly unknown[]): Promise<never> => {
    count += 1
    const answer = Promise.withResolvers<unknown>()
    waiting.set(count, answer)
    worker.postMessage({ id: count, name, args })
    return answer.promise as Promise<never>
  }
  return {
    plug: (...args) => send('plug', args),
    pull: (...args) => send('pull', args),
    pullAll: () => send('pullAll', []),
    faults: (...args) => send('faults', args),
    signals: (...args) => send('signals', args),
    report: (...args) => send('report', args),
    plugSerial: (...args) => send('plugSerial', args),
    pullSerial: (...args) => send('pullSerial', args),
    plugFastboot: (...args) => send('plugFastboot', args),
    pullFastboot: (...args) => send('pullFastboot', args),
    fastbootReport: (...args) => send('fastbootReport', args),
  }
}
