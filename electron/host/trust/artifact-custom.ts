import { ArtifactCustom } from '../../../shared/model/artifact.ts'
import type { TargetInfo } from './library.ts'

/** What a signed entry says of an artifact, under `custom.slipway`; null where it says nothing that we understand. */
export function artifactCustom(target: Pick<TargetInfo, 'custom'>): ArtifactCustom | null {
  const { custom } = target
  const slipway = typeof custom === 'object' && custom !== null && 'slipway' in custom ? custom.slipway : null
  return ArtifactCustom.safeParse(slipway).data ?? null
}
