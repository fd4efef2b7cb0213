import { basename } from 'node:path'
import { Command, Option } from 'commander'
import { AppError } from '../../../shared/errors.ts'
import { ArtifactCustom, ArtifactKind } from '../../../shared/model/artifact.ts'
import { WAYS_FOLDER } from '../../../shared/model/ways.ts'
import { versionOf } from '../artifact-intake.ts'
import { CommandContext, collect } from './context.ts'
import type { DepotIo } from './io.ts'
import { table } from './tables.ts'

interface AddOptions {
  readonly kind: ArtifactCustom['kind']
  readonly component: string
  readonly type: string[]
  readonly release?: string
  readonly name?: string
  readonly hardware?: string[]
  readonly title?: string
  readonly padded?: true
}

export function artifactCommand(io: DepotIo): Command {
  const artifact = new Command('artifact').description('files to install')
  artifact
    .command('add')
    .description('copy a file into the repository; it is named by nothing before the next publish')
    .argument('<file>')
    .addOption(
      new Option('--kind <kind>', 'what kind of file it is').choices(ArtifactKind.options).makeOptionMandatory(),
    )
    .requiredOption('--component <id>', 'the component of the device that it is for')
    .requiredOption('--type <type>', 'device type that it fits; may be given several times', collect)
    .option('--release <version>', 'its version; read from the file where the kind carries one')
    .option('--name <name>', 'its name in the repository; otherwise that of the file')
    .option('--hardware <revision>', 'hardware that it fits; may be given several times', collect)
    .option('--title <title>', 'what people call it')
    .option('--padded', 'it carries a slot trailer on purpose: only plans that say permanent may install it')
    .action(async (file: string, options: AddOptions, command: Command) => {
      const context = new CommandContext(command, io)
      const custom = await customOf(file, options)
      const name = options.name ?? basename(file)
      await (await context.open()).addArtifact(name, file, custom)
      context.print({ path: `artifacts/${name}`, ...custom }, [`artifacts/${name} ${custom.version}`])
    })
  artifact
    .command('remove')
    .description('take an artifact out of what is published; its file stays for consoles that still want it')
    .argument('<name>')
    .action(async (name: string, _options: unknown, command: Command) => {
      const context = new CommandContext(command, io)
      await (await context.open()).remove(`artifacts/${name}`)
      context.print({ path: `artifacts/${name}` }, [`artifacts/${name} is out. Publish to put that in force.`])
    })
  artifact
    .command('list')
    .description('artifacts that are or will be published')
    .action(async (_options: unknown, command: Command) => {
      const context = new CommandContext(command, io)
      const { content } = await context.open()
      const all = await content.filesOf('artifacts')
      const files = all.filter(({ path, bytes }) => bytes === null && !path.startsWith(WAYS_FOLDER))
      const rows = files.map(({ path, length, sha256 }) => [path, length, sha256])
      context.print(
        files.map(({ path, length, sha256, custom }) => ({ path, length, sha256, custom })),
        table([['PATH', 'BYTES', 'SHA-256'], ...rows]),
      )
    })
  return artifact
}

async function customOf(file: string, options: AddOptions): Promise<ArtifactCustom> {
  const { kind, component, type, hardware, title, padded } = options
  const version = options.release ?? (await versionOf(file, kind))
  if (version === null)
    throw new AppError('document.invalid', { detail: { path: file, at: 'version', why: 'missing' } })
  const parsed = ArtifactCustom.safeParse({
    kind,
    component,
    version,
    deviceTypes: type,
    hardware: hardware ?? [],
    ...(title === undefined ? {} : { title }),
    ...(padded && { padded }),
  })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const detail = { path: file, at: issue?.path.join('.') ?? '', why: issue?.message ?? '' }
  throw new AppError('document.invalid', { detail })
}
