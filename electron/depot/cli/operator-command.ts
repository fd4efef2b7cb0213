import { Command, Option } from 'commander'
import { AppError } from '../../../shared/errors.ts'
import { Role } from '../../../shared/model/policy.ts'
import { Instant } from '../../../shared/model/text.ts'
import type { Grant } from '../operators.ts'
import { CommandContext, collect } from './context.ts'
import type { DepotIo } from './io.ts'
import { table } from './tables.ts'

interface AddOptions {
  readonly role: Role[]
  readonly until: string
  readonly site?: string[]
  readonly type?: string[]
}

export function operatorCommand(io: DepotIo): Command {
  const operator = new Command('operator').description('who may do what, where, until when')
  operator
    .command('add')
    .description('let in the person and the laptop of an enrolment request')
    .argument('<request>', 'JSON, as the console shows it (- is the input)')
    .addOption(
      new Option('--role <role>', `${Role.options.join(', ')}; may be given several times`)
        .argParser((value: string, list: string[] | undefined) => collect(value, list))
        .makeOptionMandatory(),
    )
    .requiredOption('--until <instant>', 'end of the lease, such as 2027-06-01T00:00:00Z')
    .option('--site <site>', 'where; may be given several times, otherwise everywhere', collect)
    .option('--type <type>', 'on which device types; may be given several times, otherwise on all', collect)
    .action(async (file: string, options: AddOptions, command: Command) => {
      const context = new CommandContext(command, io)
      const grant: Grant = {
        roles: options.role.map((role) => requireRole(role)),
        notAfter: requireInstant(options.until),
        sites: options.site ?? ['*'],
        deviceTypes: options.type ?? ['*'],
      }
      const id = await (await context.open()).addOperator(await io.readFile(file), grant, file)
      context.print({ operator: id, ...grant }, [
        `${id} may ${grant.roles.join(', ')} until ${grant.notAfter}. Publish to put it in force.`,
      ])
    })
  operator
    .command('remove')
    .description('take an operator out; their laptop may still upload its log')
    .argument('<id>')
    .action(async (id: string, _options: unknown, command: Command) => {
      const context = new CommandContext(command, io)
      await (await context.open()).removeOperator(id)
      context.print({ operator: id }, [`${id} is out. Publish to put that in force.`])
    })
  operator
    .command('lease')
    .description('change until when an operator may act')
    .argument('<id>')
    .argument('<until>', 'such as 2027-06-01T00:00:00Z')
    .action(async (id: string, until: string, _options: unknown, command: Command) => {
      const context = new CommandContext(command, io)
      await (await context.open()).setLease(id, requireInstant(until))
      context.print({ operator: id, notAfter: until }, [`${id} until ${until}. Publish to put it in force.`])
    })
  operator
    .command('list')
    .description('operators and laptops as they will be published')
    .action(async (_options: unknown, command: Command) => {
      const context = new CommandContext(command, io)
      const policy = await (await context.open()).operators()
      const rows = policy.operators.map(({ id, name, roles, notAfter }) => [id, name, roles.join(','), notAfter])
      const laptops = policy.consoles.map(({ id, name }) => [id, name])
      context.print(policy, [
        ...table([['OPERATOR', 'NAME', 'ROLES', 'UNTIL'], ...rows]),
        ...table([['LAPTOP', 'NAME'], ...laptops]),
      ])
    })
  return operator
}

function requireRole(text: string): Role {
  const role = Role.safeParse(text)
  if (role.success) return role.data
  throw new AppError('document.invalid', { detail: { path: '--role', at: text, why: Role.options.join(', ') } })
}

function requireInstant(text: string): string {
  const instant = Instant.safeParse(text)
  if (instant.success) return instant.data
  throw new AppError('document.invalid', { detail: { path: '--until', at: text, why: 'YYYY-MM-DDThh:mm:ssZ' } })
}
