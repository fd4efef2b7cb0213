import { parse, type SemVer, satisfies, validRange } from 'semver'

/**
 * Reads a version the way device families write them: `2.5.0`, `v2.5.0`, `2.5`, `2024.04.1`,
 * `2.5.0+17`, MCUboot's `2.5.0.17` (the fourth number is a build). Null: no version at all.
 */
function read(text: string): SemVer | null {
  const trimmed = text.trim().replace(/^v(?=\d)/, '')
  const match = /^(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:\.(\d{1,10}))?([-+].*)?$/.exec(trimmed)
  if (!match) return null
  const [, major, minor = '0', patch = '0', build, rest = ''] = match
  const numbers = [major, minor, patch].map(Number).join('.')
  return parse(build === undefined ? `${numbers}${rest}` : rest === '' ? `${numbers}+${Number(build)}` : null)
}

/** MCUboot leaves a build number of 0 out or writes it, by tool: `2.5.0` and `2.5.0+0` are one version. */
function buildOf(version: SemVer): string {
  const build = version.build.join('.')
  return build === '0' ? '' : build
}

/** Do two spellings name the same version? Text that is no version is the same only when equal. */
export function sameVersion(a: string, b: string): boolean {
  if (a === b) return true
  const [left, right] = [read(a), read(b)]
  return left !== null && right !== null && left.compare(right) === 0 && buildOf(left) === buildOf(right)
}

/** Is the version in the semver range? Build numbers do not matter; a version that cannot be read is in none. */
export function inRange(version: string, range: string): boolean {
  const parsed = read(version)
  return parsed !== null && satisfies(parsed, range)
}

/** Is it a semver range, such as `>=2.3.0 <2.5.0`? */
export function isRange(range: string): boolean {
  return validRange(range) !== null
}
