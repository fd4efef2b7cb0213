import type { LinkFinder, SeenPort } from './link.ts'

/** Addresses that a site document or a person named. */
export interface NamedAddresses {
  current(): readonly { readonly address: string; readonly label: string }[]
  onChange(listener: () => void): () => void
}

/** Announces named addresses, and what is added to or taken from them. That one is named proves nothing about who answers. */
export function addressFinder(named: NamedAddresses): LinkFinder {
  return {
    async watch(onSeen, onGone, signal) {
      const known = new Set<string>()
      const look = () => {
        const wanted = new Map<string, SeenPort>()
        for (const { address, label } of named.current()) {
          if (!wanted.has(address)) wanted.set(address, { address, label, found: 'named', usb: null })
        }
        for (const address of known) {
          if (!wanted.has(address) && known.delete(address)) onGone(address)
        }
        for (const [address, port] of wanted) {
          if (known.has(address)) continue
          known.add(address)
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
