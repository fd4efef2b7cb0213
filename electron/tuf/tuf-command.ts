import { Command } from 'commander'
import { AppError } from '../../shared/errors.ts'
import { toInstant } from '../../shared/model/text.ts'
import type { HeldFault } from '../host/sync/held-files.ts'
import { HttpFetcher } from '../host/sync/http-fetcher.ts'
import { DEFAULT_LIMITS } from '../host/trust/limits.ts'
import { MetadataFolder } from './metadata-folder.ts'
import { type RoleState, roleStates, TufClient } from './tuf-client.ts'

/** What a command needs of the world besides the file system and the network. Tests give their own. */
export interface TufIo {
  out(line: string): void
  err(line: string): void
  readFile(path: string): Promise<Uint8Array>
  now(): number
  readonly signal: AbortSignal
}

/** Options before or after the command, as CLIENT-CLI.md of tuf-conformance names them. */
interface TufOptions {
  readonly metadataDir: string
  readonly metadataUrl?: string
  readonly targetName?: readonly string[]
  readonly targetBaseUrl?: string
  readonly targetDir?: string
  readonly json?: boolean
}

/** `slipway tuf ...`: a TUF client for any repository. Errors are thrown as coded errors. */
export function tufCommand(io: TufIo): Command {
  const tuf = new Command('tuf')
    .description('a plain TUF client for any repository: signed metadata and files, without a console')
    .requiredOption('--metadata-dir <dir>', 'folder of the trusted metadata')
    .option('--metadata-url <url>', 'where the repository keeps its metadata')
    .option('--target-name <path>', 'a target to download; may be given several times', collect)
    .option('--target-base-url <url>', 'where the repository keeps its targets')
    .option('--target-dir <dir>', 'folder for downloaded targets')
    .option('--json', 'one JSON value a line instead of text')
  tuf
    .command('init')
    .description('begin to trust, from a root that you have by a way you trust')
    .argument('<root>', 'the root metadata, a file')
    .action(async (root: string, _: unknown, command: Command) => {
      const { metadataDir } = command.optsWithGlobals<TufOptions>()
      await new MetadataFolder(metadataDir, DEFAULT_LIMITS).init(await io.readFile(root))
    })
  tuf
    .command('refresh')
    .description('bring the metadata up to date')
    .action((_: unknown, command: Command) => update(io, command, false))
  tuf
    .command('download')
    .description('bring the metadata up to date and download targets')
    .action((_: unknown, command: Command) => update(io, command, true))
  return tuf
}

async function update(io: TufIo, command: Command, downloads: boolean): Promise<void> {
  const options = command.optsWithGlobals<TufOptions>()
  const required = (value: string | undefined, flag: string) => value ?? command.error(`error: ${flag} is needed`)
  const metadata = folderUrl(required(options.metadataUrl, '--metadata-url'))
  const targets = downloads ? folderUrl(required(options.targetBaseUrl, '--target-base-url')) : metadata
  const dir = downloads ? required(options.targetDir, '--target-dir') : ''
  const names = downloads ? (options.targetName ?? command.error('error: --target-name is needed')) : []
  const print = (value: unknown, text: string) => io.out(options.json ? JSON.stringify(value) : text)
  const fetcher = new HttpFetcher()
  try {
    const tuf = new TufClient({
      metadataDir: options.metadataDir,
      urls: { metadata, targets },
      fetcher,
      now: io.now(),
      signal: io.signal,
      onFault: (fault) => io.err(faultLine(fault)),
    })
    await tuf.run(async (client) => {
      for (const state of roleStates(client)) print(state, roleLine(state))
      for (const path of names) {
        const stored = await tuf.download(client, { path, dir })
        print({ target: path, ...stored }, `${stored.file}${stored.fetched ? '' : ' (was here)'}`)
      }
    })
  } finally {
    fetcher.close()
  }
}

function roleLine({ role, version, expires }: RoleState): string {
  return `${role} ${version}, until ${toInstant(expires)}`
}

function faultLine({ role, code }: HeldFault): string {
  return `The file of "${role}" in the metadata folder was no good (${code}) and is not relied on.`
}

/** Both with and without a `/` at its end. Throws `sync.bad-url`. */
function folderUrl(text: string): string {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new AppError('sync.bad-url', { detail: { url: text.slice(0, 300) } })
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`
}

function collect(value: string, list: readonly string[] = []): string[] {
  return [...list, value]
}
