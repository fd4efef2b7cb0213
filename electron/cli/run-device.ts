import type { Command } from 'commander'
import { callMethod, type Session } from './session.ts'

/** `slipway device ...`: what a person does with one device, on top of the plain `slipway devices ...`. */
export function addDeviceCommands(program: Command, session: () => Session): void {
  const device = program.command('device').summary('one device: read what its profile names')
  device
    .command('read')
    .summary('read signals, identity and versions now; all of them without a source')
    .argument('<device>')
    .argument('[source...]', 'boom.parked, identity.serial, version.app, ...')
    .action(async (key: string, sources: readonly string[]) => {
      const input = { device: key, ...(sources.length > 0 && { sources }) }
      session().print.value('devices.read', await callMethod(session(), 'devices.read', input))
    })
}
