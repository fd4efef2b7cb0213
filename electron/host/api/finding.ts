import type { SlipwayContract } from '../../../shared/contract/index.ts'
import type { DeviceView } from '../../../shared/model/device.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import { actorOf, type Ctx } from './context.ts'
import { live } from './live.ts'
import type { Services } from './services.ts'

type Finding = Pick<
  Handlers<SlipwayContract, Ctx>['devices'],
  'identify' | 'read' | 'networks' | 'search' | 'startSearch' | 'stopSearch'
>

/** Who is where, and what it says. Throws `device.unknown` through `known`. */
export const findingHandlers = (
  { devices, search, closing }: Pick<Services, 'devices' | 'search' | 'closing'>,
  known: (key: string) => DeviceView,
): Finding => ({
  identify: ({ address }, _ctx, signal) => devices.identify(address, AbortSignal.any([signal, closing])),
  read: async ({ device, sources }, _ctx, signal) => {
    known(device)
    return devices.read(device, sources, AbortSignal.any([signal, closing]))
  },
  networks: () => search.networks(),
  search: () => live(() => search.read(), search),
  startSearch: async ({ network }, ctx) => {
    await search.start(network, actorOf(ctx))
    return null
  },
  stopSearch: () => {
    search.stop()
    return null
  },
})

/** What keeps a device away. */
export const doctorHandlers = ({ doctor, closing }: Services): Handlers<SlipwayContract, Ctx>['doctor'] => ({
  examine: ({ address }, _ctx, signal) => doctor.examine(address ?? null, AbortSignal.any([signal, closing])),
  writeRule: ({ address }, ctx, signal) => doctor.writeRule(address, actorOf(ctx), AbortSignal.any([signal, closing])),
})
