import { join } from 'node:path'

/** Where a depot keeps its things. */
export interface DepotLayout {
  readonly dir: string
  readonly config: string
  readonly lock: string
  readonly keys: string
  readonly content: string
  readonly repository: string
  readonly metadata: string
  readonly targets: string
  /** What was made for each artifact to be fetched with fewer bytes, by its hash. */
  readonly ways: string
  readonly audit: string
  /** What was sent to be signed elsewhere, with what came back. */
  readonly pending: string
}

export function depotLayout(dir: string): DepotLayout {
  const repository = join(dir, 'repository')
  return {
    dir,
    config: join(dir, 'depot.json'),
    lock: join(dir, 'depot.lock'),
    keys: join(dir, 'keys'),
    content: join(dir, 'content'),
    repository,
    metadata: join(repository, 'metadata'),
    targets: join(repository, 'targets'),
    ways: join(dir, 'ways'),
    audit: join(dir, 'audit'),
    pending: join(dir, 'ceremony.json'),
  }
}
