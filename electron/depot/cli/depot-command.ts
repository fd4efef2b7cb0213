import { Command } from 'commander'
import { AppError } from '../../../shared/errors.ts'
import { DEFAULT_KEYS, type DepotRole, isRole } from '../config.ts'
import type { WaysRecord } from '../delta-record.ts'
import { Depot } from '../depot.ts'
import { auditCommand } from '../intake/commands.ts'
import type { KeyChoice } from '../key-roles.ts'
import { artifactCommand } from './artifact-command.ts'
import { ceremonyCommand } from './ceremony-command.ts'
import { CommandContext, collect } from './context.ts'
import { documentCommand, policyCommand } from './document-commands.ts'
import type { DepotIo } from './io.ts'
import { keyCommand, publicKey } from './key-command.ts'
import { operatorCommand } from './operator-command.ts'
import { serveCommand } from './serve-command.ts'
import { madeLine, reportLines, statusLines } from './tables.ts'

/** `slipway depot ...`: the publisher. Errors are thrown as coded errors; whoever runs the command words them. */
export function depotCommand(io: DepotIo): Command {
  const depot = new Command('depot')
    .description('publish plans and artifacts: keys, signing, the repository and its server')
    .option('--depot <dir>', 'folder of the depot', '.')
    .option('--passphrase-file <file>', 'passphrase of the private keys, first line of a file (- is the input)')
    .option('--ask-passphrase', 'ask for the passphrase of the private keys')
    .option('--json', 'one JSON value instead of text')
  depot.addCommand(initCommand(io))
  depot.addCommand(keyCommand(io))
  depot.addCommand(ceremonyCommand(io))
  depot.addCommand(artifactCommand(io))
  for (const shelf of ['plan', 'profile', 'site'] as const) depot.addCommand(documentCommand(shelf, io))
  depot.addCommand(policyCommand(io))
  depot.addCommand(operatorCommand(io))
  depot.addCommand(publishCommand(io))
  depot.addCommand(refreshCommand(io))
  depot.addCommand(serveCommand(io))
  depot.addCommand(statusCommand(io))
  depot.addCommand(fingerprintCommand(io))
  depot.addCommand(
    auditCommand({
      open: async (command) => (await new CommandContext(command, io).open()).audit(),
      print: (line) => io.out(line),
      fail: () => io.fail(),
    }),
  )
  return depot
}

function initCommand(io: DepotIo): Command {
  return new Command('init')
    .description('make a depot: keys, an empty policy, and a first publication')
    .requiredOption('--name <name>', 'the publisher, as people know it')
    .option('--artifact-bins <bits>', 'split the list of artifacts into 2^bits (for thousands of them)', Number)
    .option('--deltas <releases>', 'make deltas from so many releases before the newest; 0 makes none', Number)
    .option('--offline-days <days>', 'days after a sync for which a console may run plans', Number)
    .option('--key <role=hex>', 'a public key that was made elsewhere; may be given several times', collect)
    .option('--sign <role=number>', 'how many keys of a role must sign; may be given several times', collect)
    .action(async (options: InitOptions, command: Command) => {
      const context = new CommandContext(command, io)
      const publicKeys = byRole(options.key, publicKey)
      const made = await Depot.create(context.dir, {
        ...(await context.options()),
        name: options.name,
        artifactBins: options.artifactBins ?? null,
        ...(options.deltas === undefined ? {} : { deltas: options.deltas }),
        publicKeys: Object.fromEntries(publicKeys),
        roles: thresholds(publicKeys, byRole(options.sign, Number)),
        ...(options.offlineDays === undefined ? {} : { policy: { offlineDays: options.offlineDays } }),
      })
      if (!(await made.isPublished())) {
        context.print({ depot: context.dir }, [
          `Depot made in ${context.dir}. Nothing is published yet: some of its keys are elsewhere.`,
          `Write down what they must sign: "slipway depot ceremony export <file>".`,
        ])
        return
      }
      const root = await made.fingerprint()
      context.print({ depot: context.dir, ...root }, [
        `Depot made in ${context.dir}.`,
        `Fingerprint of the root, to be compared on each console:`,
        `  ${root.fingerprint}`,
        `Carry the root keys away now: "slipway depot key list" names their files in ${made.layout.keys}.`,
        `Keep audit-detail.age-identity with whoever reads the log; the server does not need it.`,
      ])
    })
}

interface InitOptions {
  readonly name: string
  readonly artifactBins?: number
  readonly deltas?: number
  readonly offlineDays?: number
  readonly key?: string[]
  readonly sign?: string[]
}

/** `role=value` options, in lists by role. Throws `depot.unknown-key`. */
function byRole<T>(options: readonly string[] = [], read: (text: string) => T): Map<DepotRole, T[]> {
  const found = new Map<DepotRole, T[]>()
  for (const option of options) {
    const [role = '', text = ''] = option.split('=')
    if (!isRole(role)) throw new AppError('depot.unknown-key', { detail: { key: role } })
    found.set(role, [...(found.get(role) ?? []), read(text)])
  }
  return found
}

/** How many keys each of the named roles has and how many must sign. */
function thresholds(
  keys: ReadonlyMap<DepotRole, readonly string[]>,
  needed: ReadonlyMap<DepotRole, readonly number[]>,
): KeyChoice['roles'] & object {
  const roles = [...needed].map(([role, [threshold = 1]]) => {
    const count = keys.get(role)?.length ?? Math.max(DEFAULT_KEYS[role].keys, threshold)
    return [role, { keys: count, threshold }] as const
  })
  return Object.fromEntries(roles)
}

function publishCommand(io: DepotIo): Command {
  return new Command('publish')
    .description('sign what has changed or grows old, and put it in force')
    .action(async (_options: unknown, command: Command) => {
      const context = new CommandContext(command, io)
      // On the side: what a script reads is the report alone.
      const onMade = (path: string, record: WaysRecord) => io.err(madeLine(path, record))
      const report = await (await context.open()).publish({ onMade })
      context.print(report, reportLines(report))
    })
}

function refreshCommand(io: DepotIo): Command {
  return new Command('refresh')
    .description('sign a new timestamp: to be run at least once a day where nothing serves')
    .action(async (_options: unknown, command: Command) => {
      const context = new CommandContext(command, io)
      const report = await (await context.open()).refresh()
      context.print(report, reportLines(report))
    })
}

function statusCommand(io: DepotIo): Command {
  return new Command('status')
    .description('roles, keys, until when everything lasts, and what is not published yet')
    .action(async (_options: unknown, command: Command) => {
      const context = new CommandContext(command, io)
      const status = await (await context.open()).status()
      context.print(status, statusLines(status, io.now()))
    })
}

function fingerprintCommand(io: DepotIo): Command {
  return new Command('fingerprint')
    .description('what a person compares before a console trusts this depot')
    .action(async (_options: unknown, command: Command) => {
      const context = new CommandContext(command, io)
      const root = await (await context.open()).fingerprint()
      context.print(root, [root.fingerprint])
    })
}
