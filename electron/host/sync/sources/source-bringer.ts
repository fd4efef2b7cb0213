import { isAppError } from '../../../../shared/errors.ts'
import type { ArtifactBringer, TakenWay } from '../artifact-bringer.ts'
import type { ArtifactDownload } from '../artifact-download.ts'
import type { SourceService } from './source-service.ts'

/**
 * Where our own publisher signs for a file and does not keep it, its vendor's repository may: the bytes come from
 * there, and our own signed hash says whether they are the right ones.
 */
export function orFromSource(
  own: ArtifactBringer,
  sources: Pick<SourceService, 'locate'>,
  download: ArtifactDownload,
): ArtifactBringer {
  return {
    plan: (item, signal) => own.plan(item, signal),
    async bring(item, options) {
      try {
        return await own.bring(item, options)
      } catch (error) {
        const place = isAppError(error, 'sync.not-found') ? sources.locate(item.target) : null
        if (!place || !isAppError(error)) throw error
        const refused = [{ kind: 'whole', reason: error.toData() }]
        const way: TakenWay = { kind: 'source', from: place.source, bytes: item.target.length, refused }
        const { sha256, length } = item.target
        const onProgress = (done: number) => options.onProgress(done, way)
        await download.fetch({ sha256, length }, place.url, { signal: options.signal, onProgress })
        return way
      }
    },
  }
}
