import { describe, expect, it } from 'vitest'
import { wantedArtifacts } from '../../../electron/host/sync/wanted.ts'
import { DEFAULT_LIMITS } from '../../../electron/host/trust/limits.ts'
import { openStored } from '../../../electron/host/trust/stored-state.ts'
import type { PlanInput } from '../../../shared/model/plan.ts'
import { toInstant } from '../../../shared/model/text.ts'
import { SlipwayRepository } from '../../fixtures/tuf/slipway-repository.ts'
import { storedStateOf } from '../../fixtures/tuf/stored.ts'

const NOW = Date.now()
const DAY = 86_400_000

/** A library with these plans; each wants artifacts by name, whose length is in the name. */
function library(plans: readonly (Partial<PlanInput> & { id: string; wants: readonly string[] })[]) {
  const repo = new SlipwayRepository({ now: NOW })
  repo.metadata.get('plans').targets = {}
  for (const { wants, ...plan } of plans) {
    for (const name of wants.filter((name) => name !== 'unsigned-1')) {
      repo.addTarget('artifacts', `artifacts/${name}`, Buffer.alloc(Number(name.split('-')[1]), name))
    }
    const artifacts = wants.map((name) => ({ component: 'app', target: `artifacts/${name}`, version: '1' }))
    repo.plan({ notBefore: toInstant(NOW), expires: toInstant(NOW + 10 * DAY), ...plan, artifacts })
  }
  repo.release()
  return openStored(storedStateOf(repo), { limits: DEFAULT_LIMITS })
}
const names = (lib: ReturnType<typeof library>, site: string | null = null, now = NOW) =>
  wantedArtifacts(lib, site, now).map(({ target }) => target.path.slice('artifacts/'.length))

describe('what is wanted', () => {
  it('comes by urgency, then by size, then by name', () => {
    const lib = library([
      { id: 'a', priority: 'optional', wants: ['tiny-1'] },
      { id: 'b', priority: 'normal', wants: ['big-900', 'small-9'] },
      { id: 'c', priority: 'security', wants: ['fix-500'] },
      { id: 'd', priority: 'safety', wants: ['guard-5', 'brake-5'] },
    ])
    expect(names(lib)).toEqual(['fix-500', 'brake-5', 'guard-5', 'small-9', 'big-900', 'tiny-1'])
  })

  it('is one artifact, however many plans want it, as urgent as the most urgent', () => {
    const lib = library([
      { id: 'a', priority: 'optional', wants: ['shared-10'] },
      { id: 'b', priority: 'security', wants: ['shared-10', 'shared-10'] },
    ])
    expect(wantedArtifacts(lib, null, NOW)).toMatchObject([{ plans: ['a', 'b'], priority: 'security' }])
  })

  it('fits the chosen site, or everything when the site is not known', () => {
    const lib = library([
      { id: 'a', wants: ['crane-1'] },
      { id: 'b', wants: ['winch-1'], scope: { sites: ['*'], deviceTypes: ['acme-winch'] } },
      { id: 'c', wants: ['dock-1'], scope: { sites: ['dock'], deviceTypes: ['acme-crane'] } },
      { id: 'd', wants: ['quay-1'], scope: { sites: ['harbour'], deviceTypes: ['acme-crane'] } },
    ])
    expect(names(lib, 'harbour')).toEqual(['crane-1', 'quay-1'])
    expect(names(lib, 'elsewhere')).toHaveLength(4)
    expect(names(lib)).toHaveLength(4)
  })

  it('leaves out what has ended and what nobody vouches for', () => {
    const lib = library([
      { id: 'a', wants: ['over-1'], expires: toInstant(NOW + DAY) },
      { id: 'b', wants: ['unsigned-1', 'good-1'] },
    ])
    expect(names(lib, null, NOW + 2 * DAY)).toEqual(['good-1'])
  })
})
