import { MAX_LISTED_DEVICES } from '../../../shared/contract/devices.ts'
import type { SlipwayContract } from '../../../shared/contract/index.ts'
import { AppError } from '../../../shared/errors.ts'
import type { DeviceView } from '../../../shared/model/device.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import { actorOf, type Ctx } from './context.ts'
import { findingHandlers } from './finding.ts'
import { live } from './live.ts'
import { recoveryHandlers } from './recovery.ts'
import type { Services } from './services.ts'

type Of<N extends keyof SlipwayContract> = Handlers<SlipwayContract, Ctx>[N]

export const siteHandlers = ({ sites }: Services): Of<'site'> => ({
  list: () => live(() => sites.list(), sites),
  choose: ({ site }) => {
    sites.choose(site)
    return null
  },
  board: () => live(() => sites.board.board(), sites.board),
  page: (wish) => live(() => sites.board.page(wish), sites.board),
  row: ({ device }) => live(() => sites.board.row(device), sites.board),
  ready: () => live(() => sites.board.ready(), sites.board),
  trip: ({ until }) => sites.trip(until),
})

/** Those that are here come first where they are too many for one list. */
function listed(devices: readonly DeviceView[]): DeviceView[] {
  if (devices.length <= MAX_LISTED_DEVICES) return [...devices]
  const isHere = ({ presence }: DeviceView) => presence !== 'absent'
  const away = devices.filter((device) => !isHere(device))
  return [...devices.filter(isHere), ...away].slice(0, MAX_LISTED_DEVICES)
}

export const deviceHandlers = ({ devices, addresses, runs, search, closing }: Services): Of<'devices'> => {
  const known = (key: string) => {
    const view = devices.get(key)
    if (!view) throw new AppError('device.unknown', { detail: { device: key } })
    return view
  }
  return {
    ...findingHandlers({ devices, search, closing }, known),
    ...recoveryHandlers({ devices, runs, closing }),
    list: () => live(() => listed(devices.list()), devices),
    one: ({ device }) => live(() => known(device), devices),
    signals: ({ device }) => ({
      read: () => {
        known(device)
        return [...devices.signals(device)]
      },
      onChange(listener) {
        // Reading costs the device time: it happens only while somebody looks.
        const release = devices.watchSignals(device)
        const stop = devices.onChange(listener)
        return () => {
          stop()
          release()
        }
      },
    }),
    history: ({ device }) =>
      runs.history(device).map(({ id, plan, planTitle, phase, startedAt, endedAt, actor, change }) => ({
        run: id,
        plan,
        planTitle,
        outcome: phase,
        at: endedAt ?? startedAt,
        actor,
        change,
      })),
    addresses: () => live(() => [...devices.addresses()], devices),
    refresh: async ({ device }, _ctx, signal) => {
      await devices.refresh(device, AbortSignal.any([signal, closing]))
      return known(device)
    },
    addAddress: async ({ address }, ctx) => {
      await addresses.add(address, actorOf(ctx))
      return null
    },
    forgetAddress: async ({ address }, ctx) => {
      await addresses.remove(address, actorOf(ctx))
      return null
    },
  }
}
