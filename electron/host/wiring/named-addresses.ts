import type { SiteDevice } from '../../../shared/model/site.ts'
import type { AuditRecorder } from '../audit/recorder.ts'
import type { NamedAddress, NamedAddresses } from '../link/address-finder.ts'
import type { DeviceQueries } from '../store/devices.ts'
import { anyOf, Changes } from './changes.ts'
import type { ChosenSite } from './chosen-site.ts'

export interface NamedPlacesDeps {
  readonly queries: DeviceQueries
  readonly recorder: AuditRecorder
  readonly site: ChosenSite
  /** The signed documents have changed. */
  readonly library: { onChange(listener: () => void): () => void }
  readonly now: () => number
}

/** Addresses worth a look: the hints of the chosen site's document, and what people typed in. */
export class NamedPlaces extends Changes implements NamedAddresses {
  readonly #deps: NamedPlacesDeps
  readonly #stop: () => void

  constructor(deps: NamedPlacesDeps) {
    super()
    this.#deps = deps
    this.#stop = anyOf(deps.site, deps.library).onChange(this.tell)
  }

  current(): NamedAddress[] {
    const { queries, site } = this.#deps
    const hints = site.current()?.devices ?? []
    const keys = hostKeysOf(hints)
    return [
      ...hints.flatMap(({ addresses, name }) =>
        addresses.map((address) => {
          const hostKeys = keys.get(address)
          return { address, label: name, ...(hostKeys && { hostKeys }) }
        }),
      ),
      ...queries.addresses().map(({ address }) => ({ address, label: address })),
    ]
  }

  async add(address: string, by: string): Promise<void> {
    const { queries, recorder, now } = this.#deps
    await recorder.record({ actor: by, action: 'device.address-added', subject: address }, () =>
      queries.addAddress(address, by, now()),
    )
    this.tell()
  }

  async remove(address: string, by: string): Promise<void> {
    const { queries, recorder } = this.#deps
    await recorder.record({ actor: by, action: 'device.forgotten', subject: address }, () =>
      queries.removeAddress(address),
    )
    this.tell()
  }

  close(): void {
    this.#stop()
  }
}

/** Behind one address there may be several devices: a gateway, and those that it passes updates on to. */
function hostKeysOf(devices: readonly SiteDevice[]): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>()
  for (const { addresses, hostKeys } of devices) {
    if (!hostKeys) continue
    for (const address of addresses) keys.set(address, [...(keys.get(address) ?? []), ...hostKeys])
  }
  return keys
}
