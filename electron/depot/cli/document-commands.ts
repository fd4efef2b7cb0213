import { Command } from 'commander'
import { AppError } from '../../../shared/errors.ts'
import { POLICY_PATHS } from '../../host/trust/documents.ts'
import { parseJson, toPlain } from '../../host/trust/json.ts'
import { CommandContext } from './context.ts'
import type { DepotIo } from './io.ts'

/** What names a document inside, and where it goes. */
const SHELVES = {
  plan: { folder: 'plans', id: 'id', words: 'deployment plans' },
  profile: { folder: 'profiles', id: 'type', words: 'descriptions of device types' },
  site: { folder: 'sites', id: 'id', words: 'lists of the devices at a place' },
} as const

export function documentCommand(shelf: keyof typeof SHELVES, io: DepotIo): Command {
  const { folder, id, words } = SHELVES[shelf]
  const group = new Command(shelf).description(words)
  group
    .command('add')
    .description(`check a ${shelf} and take it in; the same name again replaces it`)
    .argument('<file>', 'JSON')
    .action(async (file: string, _options: unknown, command: Command) => {
      const context = new CommandContext(command, io)
      const document = await readDocumentFile(file, io)
      const path = `${folder}/${nameIn(document, id, file)}.json`
      await (await context.open()).setDocument(path, document)
      context.print({ path }, [`${path}. Publish to put it in force.`])
    })
  group
    .command('remove')
    .description(`take a ${shelf} out of what is published`)
    .argument('<id>')
    .action(async (name: string, _options: unknown, command: Command) => {
      const context = new CommandContext(command, io)
      const path = `${folder}/${name}.json`
      await (await context.open()).remove(path)
      context.print({ path }, [`${path} is out. Publish to put that in force.`])
    })
  group
    .command('list')
    .description(`every ${shelf} that is or will be published`)
    .action(async (_options: unknown, command: Command) => {
      const context = new CommandContext(command, io)
      const paths = await (await context.open()).content.list(`${folder}/`)
      const names = paths.map((path) => path.slice(folder.length + 1, -'.json'.length))
      context.print(names, names)
    })
  return group
}

export function policyCommand(io: DepotIo): Command {
  const policy = new Command('policy').description('rules for consoles and people')
  policy
    .command('set')
    .description('check a policy document and take it in')
    .argument('<which>', Object.keys(POLICY_PATHS).join(', '))
    .argument('<file>', 'JSON')
    .action(async (which: string, file: string, _options: unknown, command: Command) => {
      const context = new CommandContext(command, io)
      const path = Object.hasOwn(POLICY_PATHS, which) ? POLICY_PATHS[which as keyof typeof POLICY_PATHS] : undefined
      if (!path)
        throw new AppError('document.invalid', { detail: { path: which, why: Object.keys(POLICY_PATHS).join(', ') } })
      await (await context.open()).setDocument(path, await readDocumentFile(file, io))
      context.print({ path }, [`${path}. Publish to put it in force.`])
    })
  policy
    .command('show')
    .description('the policy as it will be published')
    .argument('<which>', Object.keys(POLICY_PATHS).join(', '))
    .action(async (which: string, _options: unknown, command: Command) => {
      const context = new CommandContext(command, io)
      const path = Object.hasOwn(POLICY_PATHS, which) ? POLICY_PATHS[which as keyof typeof POLICY_PATHS] : ''
      const bytes = await (await context.open()).content.document(path)
      if (!bytes) throw new AppError('file.not-found', { detail: { path: which } })
      context.print(JSON.parse(bytes.toString('utf8')), [bytes.toString('utf8').trimEnd()])
    })
  return policy
}

/** As strict as a console: a name twice in one object would mean different things to different readers. */
async function readDocumentFile(file: string, io: DepotIo): Promise<unknown> {
  try {
    return toPlain(parseJson(await io.readFile(file), { numbers: 'any' }))
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== 'trust.bad-json') throw cause
    const { found, at } = cause.detail
    throw new AppError('document.invalid', { detail: { path: file, at: `character ${at}`, why: `${found}` }, cause })
  }
}

function nameIn(document: unknown, member: string, file: string): string {
  const name = typeof document === 'object' && document !== null ? (document as Record<string, unknown>)[member] : null
  if (typeof name === 'string') return name
  throw new AppError('document.invalid', { detail: { path: file, at: member, why: 'missing' } })
}
