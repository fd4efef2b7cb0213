import { join } from 'node:path'
import { Ledger } from '../../../electron/depot/intake/ledger.ts'
import { depotLayout } from '../../../electron/depot/layout.ts'
import type { Receipt } from '../../../shared/model/audit.ts'
import type { DeviceStatus } from '../../../shared/model/device.ts'
import type { RunView } from '../../../shared/model/run.ts'
import type { WatchListener } from '../../../shared/rpc/define.ts'
import type { DemoConsole } from './demo-console.ts'

/** What is so, asked past the page: of the host, of the devices and of the publisher's own files. */

/** A watch's value as it is now. */
export function latest<I, T>(watch: (input: I, listener: WatchListener<T>) => () => void, input: I): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = watch(input, {
      value: (value) => {
        resolve(value)
        queueMicrotask(() => stop())
      },
      end: (error) => reject(error ?? new Error('the watch ended without a value')),
    })
  })
}

/** What the device answers now, and not what the console remembers. */
export async function askDevice({ client }: DemoConsole, key: string): Promise<DeviceStatus> {
  const { status } = await client.devices.refresh({ device: key })
  if (!status) throw new Error(`${key} did not answer`)
  return status
}

export async function runOn({ client }: DemoConsole, key: string): Promise<RunView> {
  const summary = (await latest(client.runs.list, null)).find((run) => run.device === key)
  return latest(client.runs.one, { run: summary?.id ?? '' })
}

/** The receipts beside the segments that the publisher's server really holds. */
export async function heldByServer({ dataDir }: DemoConsole): Promise<Receipt[]> {
  const ledger = await Ledger.open(join(depotLayout(join(dataDir, 'demo', 'depot')).audit, 'consoles'))
  return ledger.consoles().flatMap((console) => ledger.list(console).map(({ receipt }) => receipt))
}
