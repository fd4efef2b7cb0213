import { deviceKey } from '../../../shared/model/device.ts'
import type { AuditRecorder } from '../audit/recorder.ts'
import type { DeviceStore } from '../device/registry/options.ts'
import type { DeviceQueries } from '../store/devices.ts'

/** What the registry keeps, with an audit entry for each device that appears. */
export function deviceStore(
  queries: DeviceQueries,
  recorder: AuditRecorder,
  /** Who is signed in, or `console`. */
  actor: () => string,
): DeviceStore {
  return {
    known: () => queries.known(),
    saveStatus: (key, status, at) => queries.saveStatus(key, status, at),
    saveSeen: (key, at) => queries.saveSeen(key, at),
    async appeared({ identity, address, at }) {
      const by = actor()
      const subject = deviceKey(identity)
      await recorder.record({ actor: by, action: 'device.appeared', subject, detail: { identity, address } }, () =>
        queries.saveAppeared({ identity, address, at, by }),
      )
      return by
    },
  }
}
