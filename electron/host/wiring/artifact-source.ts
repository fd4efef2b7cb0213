import { AppError } from '../../../shared/errors.ts'
import { ArtifactCustom, type ArtifactFacts } from '../../../shared/model/artifact.ts'
import type { Profile } from '../../../shared/model/profile.ts'
import { inspect } from '../artifact/inspect.ts'
import { refusedArtifact } from '../artifact/judge.ts'
import type { ArtifactSource } from '../run/ports.ts'
import type { ArtifactStore } from '../sync/artifact-store.ts'
import type { TargetInfo } from '../trust/library.ts'

/** Facts remembered, by artifact and keys: reading an image anew for each row of a board would be slow. */
const REMEMBERED = 500

/** Artifacts as runs need them, over the content-addressed store. */
export function artifactSource(store: ArtifactStore, signal: AbortSignal): ArtifactSource {
  const remembered = new Map<string, Promise<ArtifactFacts>>()

  const read = async (target: TargetInfo, profile: Profile): Promise<ArtifactFacts> => {
    const custom = ArtifactCustom.safeParse((target.custom as { slipway?: unknown } | null)?.slipway)
    if (!custom.success) throw new AppError('artifact.wrong-type', { detail: { target: target.path } })
    const file = await store.open(target.sha256, signal)
    try {
      const { kind, version } = custom.data
      const facts = await inspect(file, kind, profile.signers)
      const refused = refusedArtifact(facts, { version, signers: profile.signers })
      if (refused) throw AppError.fromData(refused)
      return facts
    } finally {
      await file.close()
    }
  }

  return {
    has: (sha256) => store.has(sha256),
    open: (sha256, abort) => store.open(sha256, abort),
    facts(target, profile) {
      const key = `${target.sha256} ${profile.type} ${JSON.stringify(profile.signers)} ${JSON.stringify(target.custom)}`
      const known = remembered.get(key)
      if (known && store.has(target.sha256)) return known
      const facts = read(target, profile)
      remembered.set(key, facts)
      // What went wrong may be mended by the next sync.
      facts.catch(() => remembered.delete(key))
      const oldest = remembered.size > REMEMBERED ? remembered.keys().next().value : undefined
      if (oldest !== undefined) remembered.delete(oldest)
      return facts
    },
  }
}
