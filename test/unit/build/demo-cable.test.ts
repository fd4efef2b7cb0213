import { describe, expect, it } from 'vitest'
import { bringDemoCable } from '../../../build/launcher/demo-cable.ts'

interface Machine {
  readonly platform?: NodeJS.Platform
  readonly isThere?: boolean
  readonly canInstall?: boolean
  /** Whether installing it works. */
  readonly works?: boolean
}

async function bring({ platform = 'linux', isThere = false, canInstall = true, works = true }: Machine) {
  const said: string[] = []
  let installed = 0
  const need = { packages: ['socat'], missing: async () => (isThere ? null : 'socat not found') }
  await bringDemoCable({
    platform,
    need,
    canInstall,
    meet: async () => {
      installed++
      return works ? null : 'socat not found'
    },
    say: (line) => said.push(line),
  })
  return { said, installed }
}

describe("the serial line of the demo's crane", () => {
  it.each([
    ['is there', { isThere: true }],
    ['cannot be had on Windows', { platform: 'win32' }],
  ] as const)('is passed over without a word where it %s', async (_, machine) => {
    expect(await bring(machine)).toEqual({ said: [], installed: 0 })
  })

  it('is installed where that can be done without asking, and says what for', async () => {
    const { said, installed } = await bring({})
    expect(installed).toBe(1)
    expect(said).toHaveLength(1)
    expect(said[0]).toContain('socat')
  })

  it('is done without where it cannot be installed, or that did not work', async () => {
    const asUser = await bring({ canInstall: false })
    expect(asUser).toMatchObject({ installed: 0, said: [expect.stringContaining('joined inside Slipway')] })
    const failed = await bring({ works: false })
    expect(failed).toMatchObject({ installed: 1 })
    expect(failed.said.at(-1)).toContain('could not be installed')
    expect(failed.said.at(-1)).toContain('joined inside Slipway')
  })
})
