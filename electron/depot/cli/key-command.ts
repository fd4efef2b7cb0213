import { Command } from 'commander'
import { CommandContext } from './context.ts'
import type { DepotIo } from './io.ts'
import { table } from './tables.ts'

export function keyCommand(io: DepotIo): Command {
  const key = new Command('key').description('the keys that sign')
  key
    .command('list')
    .description('every key by role, and whether its private half is on this machine')
    .action(async (_options: unknown, command: Command) => {
      const context = new CommandContext(command, io)
      const depot = await context.open()
      const { roles } = await depot.status()
      const rows = roles.flatMap(({ role, keys }) =>
        keys.map(({ keyid, here }) => [role, keyid, here ? `${keyid}.json` : 'not here']),
      )
      context.print(
        roles.map(({ role, threshold, keys }) => ({ role, threshold, keys })),
        table([['ROLE', 'KEY', 'FILE'], ...rows]),
      )
    })
  key
    .command('rotate')
    .description('make a new key in the place of one; consoles learn of it with the next publish')
    .argument('<role>')
    .option('--key <keyid>', 'which one; otherwise the first')
    .action(async (role: string, { key: keyid }: { key?: string }, command: Command) => {
      const context = new CommandContext(command, io)
      await (await context.open()).rotateKey(role, keyid ?? null)
      context.print({ role }, [`${role} has a new key. Publish to put it in force.`])
    })
  key
    .command('revoke')
    .description('take a key out of its role')
    .argument('<keyid>')
    .action(async (keyid: string, _options: unknown, command: Command) => {
      const context = new CommandContext(command, io)
      await (await context.open()).revokeKey(keyid)
      context.print({ keyid }, ['The key is out. Publish to put that in force.'])
    })
  return key
}
