/** `slipway tuf` as it is delivered, under another clock: what the conformance suite relies on. */

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../../../build/launcher/build.ts'
import { toInstant } from '../../../shared/model/text.ts'
import { bundles } from '../../fixtures/built.ts'
import { TufCli } from '../../fixtures/tuf/tuf-cli.ts'

const DAY = 86_400_000

/** The delivered program with the wall clock moved by so many days. */
function later(days: number, args: readonly string[]): Promise<{ code: number; err: string }> {
  const program = [process.execPath, join(ROOT, 'out', 'main', 'cli.js'), 'tuf', ...args]
  return new Promise((resolve) => {
    execFile('faketime', ['-f', `+${days}d`, ...program], (error, _out, err) =>
      resolve({ code: error ? Number(error.code) : 0, err }),
    )
  })
}

describe('slipway tuf under faketime', () => {
  it('sees what has expired by then, and what has not', async () => {
    await bundles()
    const cli = await TufCli.scene()
    cli.repo.root.expires = toInstant(Date.now() + 7 * DAY)
    cli.repo.addTarget('targets', 'a', 'content')
    cli.repo.bump('root', 'targets')
    cli.repo.update()
    expect(await later(6, cli.downloadArgs('a'))).toEqual({ code: 0, err: '' })
    expect(cli.bytes('targets', 'a').toString()).toBe('content')
    const expired = await later(8, cli.downloadArgs('a'))
    expect(expired).toMatchObject({ code: 1, err: expect.stringContaining('E-TRUST-EXPIRED') })
  })
})
