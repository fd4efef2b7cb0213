import { readFile } from 'node:fs/promises'
import { Command, InvalidArgumentError } from 'commander'
import { AppError } from '../../../shared/errors.ts'
import type { ReceiptKeys } from '../../host/audit/chain-receipt.ts'
import { ageOpener, readAgeIdentities } from '../../host/crypto/age-seal.ts'
import { type ConsoleSummary, type OpenedEntry, openEntries, summarise, verifyHeld } from './inspect.ts'
import type { Intake } from './intake.ts'

export interface AuditCommandContext {
  readonly intake: Intake
  readonly consoles: ReadonlyMap<string, string>
  readonly receiptKeys: ReceiptKeys
}

export interface AuditCommandOptions {
  /** Opens the intake of the depot that the parent command names. */
  readonly open: (command: Command) => Promise<AuditCommandContext>
  readonly print: (line: string) => void
  /** Told when the held log does not verify: the exit code of a script depends on it. */
  readonly fail: () => void
}

/** `slipway depot audit list|verify|take|open`: what the server holds of the consoles' logs. */
export function auditCommand({ open, print, fail }: AuditCommandOptions): Command {
  const audit = new Command('audit').description('the logs that consoles have uploaded')

  audit
    .command('list')
    .description('which entries of which console are held')
    .action(async (_options: unknown, command: Command) => {
      const { json = false } = command.optsWithGlobals<{ json?: boolean }>()
      const { intake } = await open(command)
      for (const summary of await summarise(intake)) {
        if (json) print(JSON.stringify(summary))
        else for (const line of describe(summary)) print(line)
      }
    })

  audit
    .command('verify')
    .description('read everything that is held and check every hash and signature')
    .action(async (_options: unknown, command: Command) => {
      const { json = false } = command.optsWithGlobals<{ json?: boolean }>()
      const { intake, consoles, receiptKeys } = await open(command)
      const findings = await verifyHeld(intake, { consoles, receipts: receiptKeys })
      for (const { console, segment, problem } of findings) {
        print(
          json
            ? JSON.stringify({ console, segment, problem })
            : `${console} ${segment} ${problem.code} ${JSON.stringify(problem.detail)}`,
        )
      }
      if (findings.length > 0) fail()
      else if (!json) print('all that is held verifies')
    })

  audit
    .command('take')
    .description('take segment files that consoles without a link exported; prints the receipts')
    .argument('<files...>')
    .action(async (files: string[], _options: unknown, command: Command) => {
      const { intake } = await open(command)
      for (const file of files) print(JSON.stringify(await intake.takeFile(file)))
    })

  audit
    .command('open')
    .description('entries as JSON lines, with their detail where the identity opens it')
    .argument('[console]', 'whose entries; or use --file')
    .option('--file <path>', 'a segment file: exported by a console, or kept as evidence')
    .option('--identity <path>', 'age identity file that opens the detail')
    .option('--epoch <n>', 'this epoch alone', whole)
    .option('--from <seq>', 'from this entry', whole)
    .option('--to <seq>', 'to this entry', whole)
    .action(async (console: string | undefined, options: OpenOptions, command: Command) => {
      const { intake } = await open(command)
      const opener = options.identity === undefined ? null : ageOpener(await identitiesIn(options.identity))
      const files = options.file === undefined ? intake.ledger.list(console ?? '') : [{ path: options.file }]
      if (files.length === 0) throw new AppError('audit.unknown-console', { detail: { console: console ?? '' } })
      const { epoch, from, to } = options
      const selection = {
        ...(epoch !== undefined && { epoch }),
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
      }
      await openEntries(intake, files, opener, selection, (entry: OpenedEntry) => print(JSON.stringify(entry)))
    })

  return audit
}

interface OpenOptions {
  readonly file?: string
  readonly identity?: string
  readonly epoch?: number
  readonly from?: number
  readonly to?: number
}

function describe({ console, epochs, lastReceipt, refused }: ConsoleSummary): string[] {
  const when = lastReceipt === null ? 'nothing held' : `last receipt ${new Date(lastReceipt).toISOString()}`
  return [
    `${console}  ${when}${refused > 0 ? `  ${refused} refused` : ''}`,
    ...epochs.map(({ epoch, first, last, segments, announced }) => {
      const missing = announced > last ? `  announced up to ${announced}` : ''
      return `  epoch ${epoch}  entries ${first}-${last}  ${segments} segments${missing}`
    }),
  ]
}

async function identitiesIn(path: string): Promise<string[]> {
  try {
    return readAgeIdentities(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new AppError('file.unreadable', { detail: { path }, cause })
  }
}

function whole(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('a whole number')
  return Number(text)
}
