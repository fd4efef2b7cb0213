import type { LinkFinder, SeenPort } from './link.ts'

export type NamedAddress = Pick<SeenPort, 'address' | 'label' | 'hostKeys'>

/** Addresses that a site document or a person named. */
export interface NamedAddresses {
  /** Of several with one address the first counts. */
  current(): readonly NamedAddress[]
  onChange(listener: () => void): () => void
}

/** Announces named addresses, and what is added to or taken from them. That one is named proves nothing about who answers. */
export function addressFinder(named: NamedAddresses): LinkFinder {
  return {
    async watch(onSeen, onGone, signal) {
      /** With the host keys they were announced with: a device that was set up anew has others. */
      const known = new Map<string, string>()
      const look = () => {
        const wanted = new Map<string, SeenPort>()
        for (const port of named.current()) {
          if (!wanted.has(port.address)) wanted.set(port.address, { ...port, found: 'named', usb: null })
        }
        for (const address of known.keys()) {
          if (!wanted.has(address) && known.delete(address)) onGone(address)
        }
        for (const [address, port] of wanted) {
          const keys = (port.hostKeys ?? []).join(' ')
          if (known.get(address) === keys) continue
          known.set(address, keys)
          onSeen(port)
        }
      }
      look()
      const stop = named.onChange(look)
      try {
        if (!signal.aborted) {
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
        }
      } finally {
        stop()
      }
    },
  }
}
