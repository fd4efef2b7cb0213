import { afterEach, describe, expect, test } from 'vitest'
import { type HostConnection, keepConnected } from '../../../renderer/api/connection.ts'
import { createWatches } from '../../../renderer/api/watches.ts'
import { CONTRACT_VERSION, contract } from '../../../shared/contract/index.ts'
import { AppError } from '../../../shared/errors.ts'
import { memoryWirePair } from '../../../shared/rpc/memory-wire.ts'
import { serve } from '../../../shared/rpc/server.ts'
import type { Wire } from '../../../shared/rpc/wire.ts'
import { eventually } from '../../fixtures/eventually.ts'
import { type Cell, cell } from '../../fixtures/scripted-host/cell.ts'
import { handlers } from '../../fixtures/scripted-host/handlers.ts'
import { busy } from '../../fixtures/scripted-host/scenes.ts'
import type { World } from '../../fixtures/scripted-host/world.ts'

const connections: HostConnection[] = []
afterEach(() => {
  for (const connection of connections.splice(0)) connection.close()
})

/** A host that can be killed and brought back, and that counts who asks. */
function hostOf(world: Cell<World> = cell(busy())) {
  const wires: Wire[] = []
  let up = true
  const host = {
    world,
    opened: 0,
    kill: () => {
      up = false
      for (const wire of wires.splice(0)) wire.close()
    },
    revive: () => {
      up = true
    },
    openWire: async () => {
      if (!up) throw new AppError('host.unavailable')
      host.opened++
      const [here, there] = memoryWirePair()
      wires.push(there)
      serve(there, {
        contract,
        version: CONTRACT_VERSION,
        handlers: handlers({ world, asked: [], failing: new Map(), silent: new Set() }),
        checkToken: (token) => token === 'right',
        admit: () => null,
        onUnexpected: () => 'LOG',
      })
      return here
    },
  }
  return host
}

function connectTo(host: ReturnType<typeof hostOf>, token = 'right') {
  const connection = keepConnected({ openWire: host.openWire, token, backOff: [1, 5] })
  connections.push(connection)
  return connection
}

describe('the connection to the host', () => {
  test('comes back by itself after the host was gone, and says so meanwhile', async () => {
    const host = hostOf()
    const { store } = connectTo(host)
    await eventually(() => expect(store.getState().status).toBe('open'))
    host.kill()
    await eventually(() => expect(store.getState()).toMatchObject({ status: 'lost', client: null }))
    expect(store.getState().lastOpen).toBeTypeOf('number')
    host.revive()
    await eventually(() => expect(store.getState().status).toBe('open'))
  })

  test('does not knock again where its key does not fit', async () => {
    const host = hostOf()
    const { store } = connectTo(host, 'wrong')
    await eventually(() => expect(store.getState().status).toBe('refused'))
    expect(store.getState().error?.code).toBe('rpc.unauthorised')
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(host.opened).toBe(1)
  })
})

describe('watches', () => {
  test('are shared, outlive a lost connection with their last value, and go on after it', async () => {
    const host = hostOf()
    const { store } = connectTo(host)
    const watches = createWatches(store, () => 1)
    const first = watches.watch('app.state', null)
    expect(watches.watch('app.state', null).store).toBe(first.store)
    const release = first.hold()
    await eventually(() => expect(first.store.getState().value?.audit.toUpload).toBe(5))

    host.kill()
    await eventually(() => expect(store.getState().status).toBe('lost'))
    expect(first.store.getState()).toMatchObject({ value: { audit: { toUpload: 5 } }, error: null })

    host.world.update((now) => ({ ...now, app: { ...now.app, audit: { toUpload: 0, broken: false } } }))
    host.revive()
    await eventually(() => expect(first.store.getState().value?.audit.toUpload).toBe(0))
    release()
  })

  test('carry what is wrong with the value itself', async () => {
    const host = hostOf()
    const { store } = connectTo(host)
    const watches = createWatches(store, () => 1)
    const run = watches.watch('runs.one', { run: 'nobody' })
    const release = run.hold()
    await eventually(() => expect(run.store.getState().error?.code).toBe('run.unknown'))
    release()
  })

  test('stop a while after their last holder left', async () => {
    const host = hostOf()
    const { store } = connectTo(host)
    const watches = createWatches(store, () => 1)
    const state = watches.watch('app.state', null)
    state.hold()()
    await eventually(() => expect(store.getState().status).toBe('open'))
    const release = state.hold()
    await eventually(() => expect(state.store.getState().value).toBeDefined())
    release()
    await new Promise((resolve) => setTimeout(resolve, 650))
    host.world.update((now) => ({ ...now, app: { ...now.app, audit: { toUpload: 99, broken: false } } }))
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(state.store.getState().value?.audit.toUpload).toBe(5)
  })
})
