import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'vitest'
import { cannotRun } from '../../fixtures/needs.ts'
import { installClients, installServers } from './install.ts'

/** Where it cannot be had, the test is skipped, and fails under CI. */
function had(context: TestContext, name: string, install: () => string): string {
  try {
    return install()
  } catch (error) {
    return cannotRun(context, `no ${name} of SMP (pip): ${String(error)}`)
  }
}

export const smpClients = (context: TestContext) => had(context, 'clients', installClients)
export const smpServers = (context: TestContext) => had(context, 'servers', installServers)

/** The one file of a build, by what its name ends with. */
export function serverFile(servers: string, end: string): string {
  const [name, ...more] = readdirSync(servers).filter((file) => file.endsWith(`_${end}`))
  if (!name || more.length > 0) throw new Error(`not one server is called ${end}`)
  return join(servers, name)
}
