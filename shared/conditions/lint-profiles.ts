import { AppError, type ErrorData } from '../errors.ts'
import type { DriverBinding, Profile } from '../model/profile.ts'

/** Two types of device that the console could take for one another. */
export interface ProfileClash {
  /** Device types, in alphabetical order. */
  readonly types: readonly [string, string]
  readonly reason: ErrorData
}

/**
 * Types that claim the same USB ids for the same driver with nothing to tell them apart: neither asks the device for its
 * type, or one of them does not care, and no product string does it either. Whichever were asked first would take the
 * other's devices for its own, and write its firmware to them.
 */
export function lintProfiles(profiles: readonly Profile[]): ProfileClash[] {
  const sorted = profiles.toSorted((a, b) => (a.type < b.type ? -1 : 1))
  return sorted.flatMap((one, at) =>
    sorted.slice(at + 1).flatMap((other): ProfileClash[] => {
      const ids = one.type === other.type ? null : sharedIds(one, other)
      if (ids === null) return []
      const types = [one.type, other.type] as const
      const why = `shared-usb-id ${ids}: ${types.join(', ')}`
      const problem = 'shared-usb-id'
      return [{ types, reason: new AppError('document.invalid', { detail: { problem, why } }).toData() }]
    }),
  )
}

/** `0483:df11`, or null where they can be told apart. */
function sharedIds(one: Profile, other: Profile): string | null {
  if (one.identity.type && other.identity.type) return null
  for (const mine of one.drivers) {
    for (const theirs of other.drivers) {
      if (mine.driver !== theirs.driver || mine.link !== theirs.link) continue
      for (const { vid, pid, product } of claims(mine)) {
        const isSame = (claim: Claim) => claim.vid === vid && claim.pid === pid && mayBeOne(claim.product, product)
        if (claims(theirs).some(isSame)) return `${vid}:${pid}`
      }
    }
  }
  return null
}

interface Claim {
  readonly vid: string
  readonly pid: string
  /** Only devices with this product string. */
  readonly product?: string | undefined
}

function claims(binding: DriverBinding): readonly Claim[] {
  return 'usb' in binding ? binding.usb : []
}

function mayBeOne(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other
}
