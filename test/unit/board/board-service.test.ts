import { expect, it, vi } from 'vitest'
import { BoardService } from '../../../electron/host/board/board-service.ts'
import type { RunPorts } from '../../../electron/host/run/ports.ts'
import type { DeviceView } from '../../../shared/model/device.ts'
import type { Site } from '../../../shared/model/site.ts'
import { atOnce, type Steps } from '../../../shared/steps.ts'

const ask = (change: Partial<Parameters<BoardService['page']>[0]> = {}) => ({
  words: '',
  group: null,
  from: 0,
  count: 50,
  ...change,
})

function siteOf(count: number): Site {
  return {
    format: 'slipway.site/1',
    id: 'fleet',
    title: 'Fleet',
    zone: 'Europe/Oslo',
    devices: Array.from({ length: count }, (_, n) => ({
      name: `Crane ${n}`,
      type: 'acme-crane',
      serial: `CR-${n}`,
      wanted: { app: '2.5.0' },
      addresses: [],
    })),
  }
}

function crane(serial: string, change: Partial<DeviceView> = {}): DeviceView {
  const slot = { component: 'app', name: 'primary', version: '2.5.0', hash: null, pending: false, permanent: true }
  return {
    key: `acme-crane:${serial}`,
    name: serial,
    typeTitle: 'Crane',
    identity: { type: 'acme-crane', serial, hardware: null },
    presence: 'present',
    link: { kind: 'serial', address: 'serial:/dev/ttyUSB7', roundTripMs: 3 },
    status: {
      mode: 'application',
      versions: { app: '2.5.0' },
      slots: [{ ...slot, active: true, confirmed: true }],
    },
    statusAt: 0,
    lastSeenAt: 0,
    lastSeenBy: 'console',
    trouble: null,
    ...change,
  }
}

function scene(site: Site | null, ...devices: DeviceView[]) {
  const now = { site, devices, steps: 0 }
  const listeners = new Set<() => void>()
  const gently = async <T>(steps: Steps<T>): Promise<T> => {
    const counted = (function* () {
      for (let next = steps.next(); ; next = steps.next()) {
        if (next.done) return next.value
        now.steps += 1
        yield
      }
    })()
    return atOnce(counted)
  }
  const board = new BoardService({
    ports: { devices: { list: () => now.devices } } as unknown as RunPorts,
    runs: () => [],
    site: () => now.site,
    library: () => null,
    changes: {
      onChange(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    gently,
  })
  const change = () => {
    for (const listener of listeners) listener()
  }
  return { board, now, change }
}

it('shows a part of twenty thousand devices, and counts all of them', async () => {
  const { board, now } = scene(siteOf(20_000), crane('CR-19999'))
  const last = await board.page(ask({ from: 19_980, count: 50 }))
  expect(last.total).toBe(20_000)
  expect(last.found).toEqual([
    { group: 'up-to-date', count: 1 },
    { group: 'not-here', count: 19_999 },
  ])
  expect(last.rows.map(({ name }) => name)).toEqual(Array.from({ length: 20 }, (_, n) => `Crane ${19_979 + n}`))
  // Others had their turn while it was looked at.
  expect(now.steps).toBeGreaterThan(50)
  const found = await board.page(ask({ words: 'ttyUSB7 crane' }))
  expect(found.rows.map(({ key }) => key)).toEqual(['acme-crane:CR-19999'])
  expect((await board.row('acme-crane:CR-777'))?.group).toBe('not-here')
  expect(await board.row('acme-crane:CR-20000')).toBeNull()
  board.close()
})

it('is looked at once for all who ask, and again after a change', async () => {
  const { board, now, change } = scene(siteOf(3))
  await Promise.all([board.page(ask()), board.page(ask({ words: '2' })), board.ready()])
  const once = now.steps
  await board.board()
  expect(now.steps).toBe(once)
  now.devices = [crane('CR-1')]
  change()
  expect((await board.page(ask())).counts['up-to-date']).toBe(1)
  expect(now.steps).toBeGreaterThan(once)
  board.close()
})

it('of a large board tells a change within a second, and a change of the site at once', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  try {
    const { board, now, change } = scene(siteOf(5000))
    const told = vi.fn<() => void>()
    board.onChange(told)
    await board.page(ask())
    now.devices = [crane('CR-1')]
    change()
    expect((await board.page(ask())).counts['up-to-date']).toBe(0)
    told.mockClear()
    await vi.advanceTimersByTimeAsync(1000)
    expect(told).toHaveBeenCalledTimes(1)
    expect((await board.page(ask())).counts['up-to-date']).toBe(1)
    now.site = siteOf(4000)
    change()
    expect((await board.page(ask())).total).toBe(4000)
    board.close()
  } finally {
    vi.useRealTimers()
  }
})

it('what no list names is there as long as it is here', async () => {
  const { board, now, change } = scene(siteOf(2), crane('XX-1'), crane('XX-2', { presence: 'absent' }))
  expect((await board.board()).rows.map(({ name, expected }) => [name, expected])).toEqual([
    ['Crane 0', true],
    ['Crane 1', true],
    ['XX-1', false],
  ])
  now.devices = []
  change()
  expect((await board.board()).total).toBe(2)
  board.close()
})
