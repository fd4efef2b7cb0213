/** How much a repository may ask of us before it has proved anything. Bytes, unless said otherwise. */
export interface TrustLimits {
  readonly rootBytes: number
  readonly timestampBytes: number
  readonly snapshotBytes: number
  readonly targetsBytes: number
  /** A plan, profile, site or policy. */
  readonly documentBytes: number
  /** Roots followed in one refresh (TUF 5.3.3, Y). */
  readonly rootRotations: number
  /** Roles asked in one search for a target (TUF 5.6.7.1). */
  readonly delegations: number
  /** Roles listed by name in a whole repository; each costs a request. Hash bins do not count. */
  readonly listedRoles: number
  /** Signatures on one file. */
  readonly signatures: number
}

/** Room for 100,000 targets in one file; a timestamp is under 1 kB in practice. */
export const DEFAULT_LIMITS: TrustLimits = {
  rootBytes: 512 * 1024,
  timestampBytes: 64 * 1024,
  snapshotBytes: 8 * 1024 * 1024,
  targetsBytes: 32 * 1024 * 1024,
  documentBytes: 16 * 1024 * 1024,
  rootRotations: 256,
  delegations: 32,
  listedRoles: 256,
  signatures: 256,
}
