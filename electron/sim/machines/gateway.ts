import { identity } from './crane.ts'
import { type SmpMachine, selfTest } from './machine.ts'

/** The gateway between the deck machines and the ship's network, reached over UDP. */
export const gateway: SmpMachine = {
  type: 'acme-gateway',
  hardware: 'rev-b',
  signals: { 'battery.percent': 100, 'links.up': 3, 'load.percent': 18 },
  unsafe: { 'load.percent': 97 },
  profile: {
    format: 'slipway.profile/1',
    type: 'acme-gateway',
    title: 'Deck gateway',
    vendor: 'Acme Marine',
    drivers: [{ driver: 'smp', link: 'udp', port: 1337 }],
    identity: {
      type: { source: { from: 'smp.shell', argv: ['id'], match: 'type=(\\S+)' } },
      serial: { source: { from: 'smp.shell', argv: ['id'], match: 'serial=(\\S+)' } },
      hardware: { source: { from: 'smp.shell', argv: ['id'], match: 'hw=(\\S+)' } },
    },
    components: [{ id: 'app', title: 'Gateway firmware', version: { source: { from: 'smp.image' } } }],
    signals: [
      {
        id: 'battery.percent',
        title: 'Backup battery',
        type: 'number',
        unit: '%',
        range: { min: 0, max: 100 },
        source: { from: 'smp.stat', group: 'power', field: 'battery_pct' },
        warn: { below: 50 },
        alarm: { below: 20 },
      },
      {
        id: 'links.up',
        title: 'Connected machines',
        type: 'number',
        range: { min: 0, max: 64 },
        source: { from: 'smp.stat', group: 'net', field: 'links_up' },
      },
      {
        id: 'load.percent',
        title: 'Processor load',
        type: 'number',
        unit: '%',
        range: { min: 0, max: 100 },
        source: { from: 'smp.stat', group: 'net', field: 'load_pct' },
        warn: { above: 80 },
        alarm: { above: 95 },
      },
      {
        id: 'health.selftest',
        title: 'Self-test',
        type: 'text',
        source: { from: 'smp.shell', argv: ['selftest'] },
      },
    ],
    timing: { restartWithin: '30s', stallAfter: '20s' },
  },
  shell(argv, view) {
    if (argv[0] === 'id') return identity('acme-gateway', view)
    return argv[0] === 'selftest' ? selfTest(view) : null
  },
  stat(group, { signals }) {
    const number = (signal: string) => Number(signals[signal] ?? 0)
    if (group === 'power') return { battery_pct: number('battery.percent') }
    return group === 'net' ? { links_up: number('links.up'), load_pct: number('load.percent') } : null
  },
}
