import { z } from 'zod'
import { AppError, type ErrorData } from '../../../shared/errors.ts'
import { ArtifactCustom, ArtifactFacts } from '../../../shared/model/artifact.ts'
import type { Identity } from '../../../shared/model/device.ts'
import { takesKind } from '../../../shared/model/driver-kinds.ts'
import type { Plan } from '../../../shared/model/plan.ts'
import type { Profile } from '../../../shared/model/profile.ts'
import { Sha256Hex, Slug } from '../../../shared/model/text.ts'
import { sameVersion } from '../../../shared/versions.ts'
import type { TargetInfo } from '../trust/library.ts'

/** One artifact of a plan as it goes into one component of one type of device. */
export const PlannedImage = z.object({
  component: Slug,
  /** MCUboot image number; 0 elsewhere. */
  index: z.int(),
  /** Target path in the repository. */
  target: z.string(),
  version: z.string(),
  length: z.number(),
  sha256: Sha256Hex,
  permanent: z.boolean(),
})
export type PlannedImage = z.infer<typeof PlannedImage>

/** With what a reader found in the bytes. Frozen in the run. */
export const RunImage = PlannedImage.extend({ facts: ArtifactFacts })
export type RunImage = z.infer<typeof RunImage>

const TargetCustom = z.object({ slipway: ArtifactCustom })

/**
 * What a plan puts on this device, in the plan's order: its artifacts that are signed for this type.
 * `trust.unknown-target`, `artifact.wrong-type`, `artifact.version-mismatch`, `device.incompatible`,
 * `plan.invalid`, `plan.wrong-type`.
 */
export function imagesFor(
  plan: Plan,
  identity: Identity,
  profile: Profile,
  target: (path: string) => TargetInfo | null,
): PlannedImage[] | ErrorData {
  const images: PlannedImage[] = []
  for (const artifact of plan.artifacts) {
    const info = target(artifact.target)
    if (!info) return refuse('trust.unknown-target', { target: artifact.target })
    const custom = TargetCustom.safeParse(info.custom)
    if (!custom.success) return refuse('artifact.wrong-type', { target: artifact.target })
    const { deviceTypes, hardware, component, version } = custom.data.slipway
    if (!deviceTypes.includes(identity.type)) continue
    if (component !== artifact.component)
      return refuse('plan.invalid', { why: `${artifact.target} is for ${component}` })
    if (!sameVersion(version, artifact.version)) {
      return refuse('artifact.version-mismatch', {
        target: artifact.target,
        found: version,
        expected: artifact.version,
      })
    }
    if (hardware.length > 0 && (identity.hardware === null || !hardware.includes(identity.hardware))) {
      return refuse('device.incompatible', { found: identity.hardware, expected: hardware.join(', ') })
    }
    const spec = profile.components.find(({ id }) => id === component)
    if (!spec) return refuse('plan.invalid', { why: `${identity.type} has no ${component}` })
    if (images.some((image) => image.component === component)) {
      return refuse('plan.invalid', { why: `two artifacts for ${component}` })
    }
    const { length, sha256 } = info
    images.push({
      component,
      index: spec.image,
      target: artifact.target,
      version: artifact.version,
      length,
      sha256,
      permanent: artifact.permanent,
    })
  }
  return images.length > 0 ? images : refuse('plan.wrong-type', { type: identity.type })
}

/**
 * Is what a reader found in the bytes what the plan and the profile say? The repository's signature
 * proves who published a file; this proves that they published the right one.
 */
export function contradiction(
  image: PlannedImage,
  facts: ArtifactFacts,
  profile: Profile,
  identity: Identity,
): ErrorData | null {
  const { target } = image
  if (facts.version !== null && !sameVersion(facts.version, image.version)) {
    return refuse('artifact.version-mismatch', { target, found: facts.version, expected: image.version })
  }
  if (facts.hardware.length > 0 && identity.hardware !== null && !facts.hardware.includes(identity.hardware)) {
    return refuse('device.incompatible', { found: identity.hardware, expected: facts.hardware.join(', ') })
  }
  if (!takesKind(profile.drivers, facts.kind)) {
    return refuse('artifact.wrong-type', { target, found: facts.kind, expected: profile.type })
  }
  // The file itself would order the boot loader to start it, and with `permanent` never to fall back.
  if (facts.trailer && !image.permanent) return refuse('artifact.padded', { target, trailer: facts.trailer })
  if (facts.signature === 'bad') return refuse('artifact.bad-signature', { target })
  if (profile.signers.length === 0) return null
  if (facts.signature === 'none') return refuse('artifact.unsigned', { target })
  // The profile names who may sign: a signature that nobody could check proves nothing.
  if (facts.signature !== 'good') return refuse('artifact.bad-signature', { target, signer: facts.signer })
  return null
}

function refuse(...[code, detail]: [ConstructorParameters<typeof AppError>[0], ErrorData['detail']]): ErrorData {
  return new AppError(code, { detail }).toData()
}
