import type { RootPreview } from '../../../shared/contract/trust.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { useCall } from '../../api/host.tsx'

/** What a person compares, and where it was found. */
export interface FoundRoot extends RootPreview {
  /** The folder of a pack; null: the server itself. */
  readonly folder: string | null
}

export interface TrustSource {
  look(place: string): Promise<FoundRoot | undefined>
  adopt(found: FoundRoot): Promise<unknown>
  forget(): void
  readonly looking: boolean
  readonly adopting: boolean
  readonly lookError: ErrorData | null
  readonly adoptError: ErrorData | null
}

/** First trust from a server or from a stick: the same comparison by the same person. */
export function useTrustSource(): TrustSource {
  const preview = useCall('trust.preview')
  const adopt = useCall('trust.adopt')
  const packLook = useCall('packs.look')
  const packAdopt = useCall('packs.adopt')
  const forget = () => {
    for (const call of [preview, adopt, packLook, packAdopt]) call.forget()
  }
  return {
    async look(place) {
      forget()
      if (isFolder(place)) {
        const pack = await packLook.call({ folder: place })
        return pack && { ...pack.root, folder: pack.folder }
      }
      const root = await preview.call({ url: place })
      return root && { ...root, folder: null }
    },
    adopt: ({ folder, url, fingerprint }) =>
      folder === null ? adopt.call({ url, fingerprint }) : packAdopt.call({ folder, fingerprint }),
    forget,
    looking: preview.busy || packLook.busy,
    adopting: adopt.busy || packAdopt.busy,
    lookError: preview.error ?? packLook.error,
    adoptError: adopt.error ?? packAdopt.error,
  }
}

/** `/media/stick`, `D:\`, `\\server\share`: nothing that could be the address of a server. */
function isFolder(place: string): boolean {
  return /^(?:\/|\\\\|[A-Za-z]:[\\/])/.test(place)
}
