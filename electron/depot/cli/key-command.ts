import { Command } from 'commander'
import { AppError } from '../../../shared/errors.ts'
import { keyidOf } from '../config.ts'
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
    .option('--public-key <hex>', 'the public half of a key that was made elsewhere', publicKey)
    .action(async (role: string, options: { key?: string; publicKey?: string }, command: Command) => {
      const context = new CommandContext(command, io)
      await (await context.open()).rotateKey(role, options.key ?? null, options.publicKey ?? null)
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
  key
    .command('make')
    .description('make a key in a folder that need be no depot: on a machine without a network, on a stick')
    .requiredOption('--keys <dir>', 'where to')
    .action(async ({ keys }: { keys: string }, command: Command) => {
      const context = new CommandContext(command, io)
      const made = await (await context.keysIn(keys)).create()
      context.print({ publicKey: made, keyid: keyidOf(made) }, [
        `Public key: ${made}`,
        `Key id, and name of the file in ${keys}: ${keyidOf(made)}`,
      ])
    })
  key
    .command('protect')
    .description('put every key of a folder under another passphrase')
    .requiredOption('--keys <dir>', 'where they are')
    .option('--new-passphrase-file <file>', 'first line of a file; without it the keys will lie in the clear')
    .action(async (options: { keys: string; newPassphraseFile?: string }, command: Command) => {
      const context = new CommandContext(command, io)
      const passphrase = await context.newPassphrase(options.newPassphraseFile)
      const count = await (await context.keysIn(options.keys)).protect(passphrase)
      context.print({ count, protected: passphrase !== null }, [
        `${count} keys ${passphrase === null ? 'lie in the clear' : 'are under the new passphrase'}.`,
      ])
    })
  return key
}

/** Throws `depot.unknown-key`. */
export function publicKey(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text
  throw new AppError('depot.unknown-key', { detail: { key: text.slice(0, 80) } })
}
