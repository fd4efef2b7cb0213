import { Command } from 'commander'
import { toErrorData } from '../../../shared/errors.ts'
import { CommandContext } from './context.ts'
import type { DepotIo } from './io.ts'

export function serveCommand(io: DepotIo): Command {
  return new Command('serve')
    .description('serve the repository, keep its timestamp young, take audit logs; until Ctrl-C')
    .option('--port <port>', 'port to listen on', Number, 8008)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--no-refresh', 'do not sign timestamps: somebody else does')
    .action(async (options: { port: number; host: string; refresh: boolean }, command: Command) => {
      const context = new CommandContext(command, io)
      const depot = await context.open()
      const serving = await depot.serve({
        port: options.port,
        host: options.host,
        ...(options.refresh ? {} : { refreshEveryMs: null }),
        onError: (error) => io.err(`timestamp: ${toErrorData(error).code}`),
      })
      const { fingerprint } = await depot.fingerprint()
      context.print({ url: serving.url, fingerprint }, [`Serving at ${serving.url}`, `Fingerprint ${fingerprint}`])
      await ended(io.signal)
      await serving.close()
    })
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
