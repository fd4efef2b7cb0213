import type { AuditRecorder } from '../audit/recorder.ts'
import type { NamedAddresses } from '../link/address-finder.ts'
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

  current(): { address: string; label: string }[] {
    const { queries, site } = this.#deps
    const hints = site.current()?.devices ?? []
    return [
      ...hints.flatMap(({ addresses, name }) => addresses.map((address) => ({ address, label: name }))),
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
