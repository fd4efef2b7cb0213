import type { Command } from 'commander'
import type { CliIo } from './io.ts'

/** Makes a command throw instead of ending the process, and speak through `io`. */
export function quiet(command: Command, io: CliIo): Command {
  return command
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text.trimEnd()), writeErr: (text) => io.err(text.trimEnd()) })
}

/** commander gives its settings on only to commands that are made by it, not to those added later. */
export function inherit(from: Command): void {
  for (const command of from.commands) {
    command.copyInheritedSettings(from)
    inherit(command)
  }
}
