import type { Command } from 'commander'
import type { SearchState } from '../../shared/contract/search.ts'
import { callMethod, type Session, watchMethod } from './session.ts'

/** `slipway search [NETWORK]`: starts a search and follows it; Ctrl-C ends it. */
export function addSearchCommand(program: Command, session: () => Session): void {
  program
    .command('search')
    .summary('look through a private network for devices; without one, tell which there are')
    .argument('[network]', '10.0.4.0/24')
    .action(async (network: string | undefined) => {
      const { print, io } = session()
      if (network === undefined) {
        return print.value('devices.networks', await callMethod(session(), 'devices.networks', null))
      }
      await callMethod(session(), 'devices.startSearch', { network })
      try {
        await watchMethod(session(), 'devices.search', null, (value) => {
          const state = value as SearchState
          if (state.state === 'searching') {
            io.status(`${state.done} of ${state.total}, ${state.found.length} found`)
            return false
          }
          io.status('')
          print.value('devices.search', state)
          return true
        })
      } catch (error) {
        await (await session().client()).devices.stopSearch(null)
        throw error
      }
    })
}

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
