import { inherit, quiet } from './commander.ts'
import { EXIT } from './exit-code.ts'
import type { Session } from './session.ts'

/** `slipway depot ...`. Loaded only then: a technician's laptop never publishes. */
export async function runDepot(args: readonly string[], { io, signal, print, exit }: Session): Promise<void> {
  const { depotCommand } = await import('../depot/cli/depot-command.ts')
  const command = quiet(
    depotCommand({
      out: (line) => io.out(line),
      err: (line) => io.err(line),
      askSecret: (prompt, asking) => io.askSecret(prompt, asking),
      readFile: (path) => io.read(path),
      now: () => Date.now(),
      fail: () => exit(EXIT.failed),
      signal,
    }),
    io,
  )
  command.name('slipway depot')
  inherit(command)
  await command.parseAsync([...(print.json ? ['--json'] : []), ...args], { from: 'user' })
}
