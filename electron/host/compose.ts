import { hostname } from 'node:os'
import { CONTRACT_VERSION, contract, type SlipwayContract } from '../../shared/contract/index.ts'
import type { Handlers } from '../../shared/rpc/define.ts'
import { serve } from '../../shared/rpc/server.ts'
import { VERSION } from '../../shared/version.ts'
import type { Host, HostOptions } from './host.ts'

/** The only place that wires services. A method that no service answers is `rpc.unknown-method`. */
export async function compose(options: HostOptions): Promise<Host> {
  const { keystore } = await options.shell.shell.info(null)
  const app: Partial<Handlers<SlipwayContract, null>['app']> = {
    info: () => ({
      version: VERSION,
      mode: options.mode,
      platform: process.platform,
      node: process.versions.node,
      dataDir: options.dataDir,
      console: { id: 'unnamed', name: hostname(), publicKey: '' },
      keystore,
    }),
  }
  let clients = 0
  return {
    serve: (wire, checkToken) => {
      clients += 1
      const { closed } = serve(wire, {
        contract,
        version: CONTRACT_VERSION,
        handlers: { app } as unknown as Handlers<SlipwayContract, null>,
        admit: () => null,
        onUnexpected: (error, method) => options.log.unexpected(error, method),
        ...(checkToken ? { checkToken } : {}),
      })
      void closed.finally(() => {
        clients -= 1
      })
    },
    load: () => ({ clients, runs: 0 }),
    close: () => Promise.resolve(),
  }
}
