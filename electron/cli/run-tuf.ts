import { CommanderError } from 'commander'
import { isAppError } from '../../shared/errors.ts'
import { inherit, quiet } from './commander.ts'
import { EXIT } from './exit-code.ts'
import type { Session } from './session.ts'

/** `slipway tuf ...`. Exit code 0 or 1, as the conformance suite wants it; a wrong command line and Ctrl-C keep theirs. */
export async function runTuf(args: readonly string[], { io, signal, print, exit }: Session): Promise<void> {
  const { tufCommand } = await import('../tuf/tuf-command.ts')
  const command = quiet(
    tufCommand({
      out: (line) => io.out(line),
      err: (line) => io.err(line),
      readFile: (path) => io.read(path),
      now: () => Date.now(),
      signal,
    }),
    io,
  )
  command.name('slipway tuf')
  inherit(command)
  try {
    await command.parseAsync([...(print.json ? ['--json'] : []), ...args], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError || !isAppError(error) || error.code === 'cancelled') throw error
    print.error(error.toData())
    if (error.code === 'trust.none' || error.code === 'trust.cache-corrupt') {
      print.note('A folder of metadata begins with: slipway tuf --metadata-dir DIR init ROOT')
    }
    exit(EXIT.failed)
  }
}
