import { AppError } from '../../../shared/errors.ts'
import { toInstant } from '../../../shared/model/text.ts'
import { DELEGATED } from '../config.ts'
import type { ContentFile } from '../content.ts'
import { Drafts } from '../drafts.ts'
import type { PublishOptions } from '../publish.ts'
import { roleContents, topTargets } from '../role-content.ts'
import type { RequestedFile, SigningRequest } from './request.ts'

/**
 * What the next publication needs and the keys on this machine cannot sign alone, with the signatures that they can
 * give. Throws `depot.nothing-to-sign` when a plain publish would do.
 */
export async function prepareRequest(options: PublishOptions): Promise<SigningRequest> {
  const { config, content, now } = options
  const files: RequestedFile[] = []
  const drafts = new Drafts({
    ...options,
    onShort: ({ name, signed, roles, before }, signatures) => {
      files.push({
        name,
        signed: structuredClone(signed) as RequestedFile['signed'],
        before: before === null ? null : Buffer.from(before).toString('utf8'),
        signers: distinct(roles.map(({ threshold, keys }) => ({ threshold, keys: [...keys] }))),
        signatures: Object.fromEntries(signatures),
      })
    },
  })
  await drafts.root()
  await drafts.targets('targets', 'targets', topTargets(config))
  const documents: ContentFile[] = []
  for (const role of DELEGATED) {
    const own = await content.filesOf(role)
    documents.push(...own)
    for (const [name, each] of roleContents(config, role, own)) await drafts.targets(name, role, each)
  }
  if (files.length === 0) throw new AppError('depot.nothing-to-sign')
  return {
    format: 'slipway.signing-request/1',
    depot: config.name,
    made: toInstant(now),
    files,
    documents: Object.fromEntries(documents.flatMap((file) => textOf(file, files))),
  }
}

/** A document that one of the files names and its predecessor did not, or not so. */
function textOf({ path, sha256, bytes }: ContentFile, files: readonly RequestedFile[]): [string, string][] {
  if (!bytes) return []
  const wanted = files.find(({ signed }) => path in targetsOf(signed))
  if (!wanted) return []
  const before = wanted.before === null ? {} : targetsOf((JSON.parse(wanted.before) as { signed: object }).signed)
  return before[path]?.hashes.sha256 === sha256 ? [] : [[path, Buffer.from(bytes).toString('utf8')]]
}

function targetsOf(signed: object): Record<string, { hashes: { sha256: string } }> {
  return 'targets' in signed ? (signed.targets as Record<string, { hashes: { sha256: string } }>) : {}
}

/** A root whose own keys stay the same is asked for once, not once for the old and once for the new. */
function distinct(groups: RequestedFile['signers']): RequestedFile['signers'] {
  return groups.filter(
    (group, index) => groups.findIndex((other) => JSON.stringify(other) === JSON.stringify(group)) === index,
  )
}
