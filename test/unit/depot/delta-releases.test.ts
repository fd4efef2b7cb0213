import { describe, expect, it } from 'vitest'
import { type Release, releasesBefore } from '../../../electron/depot/delta-releases.ts'
import type { ArtifactCustom } from '../../../shared/model/artifact.ts'

const release = (version: string, change: Partial<ArtifactCustom> = {}, sha256 = version): Release => ({
  path: `artifacts/${version}`,
  length: 1,
  sha256,
  slipway: { kind: 'raw', component: 'app', version, deviceTypes: ['crane'], hardware: [], ...change },
})
const earlier = (newest: Release, ...others: Release[]) =>
  releasesBefore(newest, [newest, ...others]).map(({ slipway }) => slipway.version)

describe('the releases before one', () => {
  it('are the lower versions, newest first, by number and not by letter', () => {
    const others = ['2.9.0', '2.10.0', '2.2.0', '3.0.0'].map((version) => release(version))
    expect(earlier(release('2.11.0'), ...others)).toEqual(['2.10.0', '2.9.0', '2.2.0'])
  })

  it('are of the same component, kind, devices and hardware', () => {
    const others = [
      release('1.0.0', { component: 'boot' }),
      release('1.1.0', { kind: 'swu' }),
      release('1.2.0', { deviceTypes: ['winch'] }),
      release('1.3.0', { hardware: ['b'] }),
      release('1.4.0'),
    ]
    expect(earlier(release('2.0.0'), ...others)).toEqual(['1.4.0'])
  })

  it('name one content once, and never the release itself', () => {
    expect(
      earlier(release('2.0.0'), release('1.0.0', {}, 'x'), release('1.1.0', {}, 'x'), release('1.2.0', {}, '2.0.0')),
    ).toEqual(['1.1.0'])
  })
})
