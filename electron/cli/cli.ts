import { Command, CommanderError } from 'commander'
import type { SlipwayContract } from '../../shared/contract/index.ts'
import { AppError, toErrorData } from '../../shared/errors.ts'
import type { Connection } from '../../shared/rpc/client.ts'
import { VERSION } from '../../shared/version.ts'
import { inherit, quiet } from './commander.ts'
import { EXIT, exitCodeOf } from './exit-code.ts'
import type { CliIo } from './io.ts'
import { printer } from './printer.ts'
import { addArtifactCommands } from './run-artifact.ts'
import { addRunCommands } from './run-commands.ts'
import { runDepot } from './run-depot.ts'
import { addDeviceCommands, addSearchCommand } from './run-device.ts'
import { addTraceCommands } from './run-trace.ts'
import { runTuf } from './run-tuf.ts'
import { callMethod, type Session, watchMethod } from './session.ts'
import { addTwins } from './twin.ts'

/** Options before or after any command. */
export interface GlobalOptions {
  readonly dataDir?: string
  readonly demo?: boolean
  readonly json?: boolean
  /** False with `--no-start`. */
  readonly start: boolean
}

export interface CliWorld {
  readonly io: CliIo
  /** Ctrl-C. */
  readonly signal: AbortSignal
  /** Reaches the host of these options, starting one unless told not to. */
  readonly openHost: (options: GlobalOptions, signal: AbortSignal) => Promise<Connection<SlipwayContract>>
  /** Runs a headless host in the foreground; gives its exit code. */
  readonly runHost: (args: readonly string[]) => Promise<number>
}

/** Runs one command line, without the program's name. Gives the exit code and never throws. */
export async function runCli(args: readonly string[], world: CliWorld): Promise<number> {
  const { io, signal } = world
  let connection: Promise<Connection<SlipwayContract>> | undefined
  let exitCode: number = EXIT.ok
  const program = quiet(new Command('slipway'), io)
  const session = (): Session => ({
    io,
    signal,
    print: printer(io, program.opts<GlobalOptions>().json === true),
    exit: (code) => {
      exitCode = code
    },
    client: async () => {
      connection ??= world.openHost(program.opts<GlobalOptions>(), signal)
      return (await connection).client
    },
  })

  program
    .description('Updates field devices from signed plans, offline.')
    .version(VERSION)
    .option('--data-dir <dir>', 'where the console keeps everything (or SLIPWAY_DATA_DIR)')
    .option('--demo', 'the demo console with its simulated devices')
    .option('--json', 'JSON lines instead of tables')
    .option('--no-start', 'fail rather than start a host')
  program
    .command('status')
    .summary('how the console stands')
    .action(() => status(session()))
  program
    .command('host')
    .summary('run a headless host here, until Ctrl-C')
    .helpOption(false)
    .allowUnknownOption()
    .argument('[options...]')
    .action(async (options: string[]) => {
      exitCode = await world.runHost([...passedOn(program.opts<GlobalOptions>()), ...options])
    })
  program
    .command('depot')
    .summary('publish plans and artifacts: keys, signing, the repository and its server')
    .helpOption(false)
    .allowUnknownOption()
    .argument('[arguments...]')
    .action((rest: string[]) => runDepot(rest, session()))
  program
    .command('tuf')
    .summary('a plain TUF client: metadata and files of any repository, without a console')
    .helpOption(false)
    .allowUnknownOption()
    .argument('[arguments...]')
    .action((rest: string[]) => runTuf(rest, session()))
  addArtifactCommands(program, session, async () => {
    connection ??= world.openHost({ ...program.opts<GlobalOptions>(), start: false }, signal)
    return await connection
  })
  addDeviceCommands(program, session)
  addSearchCommand(program, session)
  addRunCommands(program, session)
  addTraceCommands(program, session)
  addTwins(program, session)
  inherit(program)

  try {
    // These have options of their own, some of the same names.
    if (args[0] === 'depot') await runDepot(args.slice(1), session())
    else if (args[0] === 'tuf') await runTuf(args.slice(1), session())
    else await program.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    const data = toErrorData(error)
    session().print.error(data)
    if (data.code === 'internal' && !(error instanceof AppError) && error instanceof Error) io.err(error.stack ?? '')
    return exitCodeOf(data.code)
  } finally {
    await connection?.then((open) => open.close()).catch(() => {})
  }
}

async function status(session: Session): Promise<void> {
  const info = await callMethod(session, 'app.info', null)
  await watchMethod(session, 'app.state', null, (state) => {
    if (session.print.json) {
      session.print.value('status', { info, state })
    } else {
      session.print.value('app.info', info)
      session.io.out('')
      session.print.value('app.state', state)
    }
    return true
  })
}

function passedOn({ dataDir, demo }: GlobalOptions): string[] {
  return [...(dataDir === undefined ? [] : ['--data-dir', dataDir]), ...(demo ? ['--demo'] : [])]
}
