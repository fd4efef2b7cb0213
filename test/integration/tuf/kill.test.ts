import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { ROOT } from '../../../build/launcher/build.ts'
import { bundles } from '../../fixtures/built.ts'
import { seeded } from '../../fixtures/seeded.ts'
import { TufCli } from '../../fixtures/tuf/tuf-cli.ts'

const KILLS = 12

it('a killed slipway tuf leaves a folder that is good, at whatever moment', async () => {
  await bundles()
  const random = seeded()
  let asked = (): void => {}
  const cli = await TufCli.scene({
    hijack: () => {
      asked()
      return false
    },
  })
  await cli.refresh()
  for (let i = 0; i < KILLS; i += 1) {
    cli.repo.addTarget('targets', 'a', `content ${i}`.repeat(20_000))
    cli.repo.bump('root', 'targets')
    cli.repo.update()
    const [program, places] = [join(ROOT, 'out', 'main', 'cli.js'), cli.downloadArgs('a')]
    const begun = new Promise<void>((resolve) => {
      asked = resolve
    })
    const child = spawn(process.execPath, [program, 'tuf', ...places], { stdio: 'ignore' })
    const ended = once(child, 'exit')
    await Promise.race([begun, ended])
    await sleep(random.below(60))
    child.kill('SIGKILL')
    await ended
    // Every file is whole, and one run more finds nothing to complain of.
    const whole = cli.names('metadata').filter((name) => name.endsWith('.json'))
    for (const name of whole) expect(cli.version(name.slice(0, -'.json'.length))).toBeGreaterThan(0)
    expect(await cli.download('a'), `seed ${random.seed}`).toMatchObject({ code: 0, err: '' })
    expect(cli.bytes('targets', 'a').toString()).toBe(`content ${i}`.repeat(20_000))
  }
})
