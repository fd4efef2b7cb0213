import { type MachineView, type SmpMachine, selfTest } from './machine.ts'

/** A deck crane on a serial console. It may be written only with its boom parked and locked. */
export const crane: SmpMachine = {
  type: 'acme-crane',
  hardware: 'rev-c',
  signals: {
    'boom.parked': true,
    'boom.locked': true,
    'battery.percent': 87,
    'motor.rpm': 0,
    'hydraulics.bar': 12,
  },
  unsafe: { 'boom.parked': false, 'boom.locked': false, 'motor.rpm': 420 },
  profile: {
    format: 'slipway.profile/1',
    type: 'acme-crane',
    title: 'Crane controller',
    vendor: 'Acme Marine',
    drivers: [{ driver: 'smp', link: 'serial', usb: [{ vid: '1209', pid: 'c0de' }], baud: 115_200 }],
    identity: {
      type: { source: { from: 'smp.shell', argv: ['id'], match: 'type=(\\S+)' } },
      serial: { source: { from: 'smp.shell', argv: ['id'], match: 'serial=(\\S+)' } },
      hardware: { source: { from: 'smp.shell', argv: ['id'], match: 'hw=(\\S+)' } },
    },
    components: [{ id: 'app', title: 'Controller firmware', version: { source: { from: 'smp.image' } } }],
    signals: [
      {
        id: 'boom.parked',
        title: 'Boom parked',
        type: 'bool',
        source: { from: 'smp.shell', argv: ['boom'], match: 'cradle=(\\w+)' },
        map: { closed: true, open: false },
      },
      {
        id: 'boom.locked',
        title: 'Boom locked',
        type: 'bool',
        source: { from: 'smp.shell', argv: ['boom'], match: 'S4=(\\w+)' },
        map: { closed: true, open: false },
      },
      {
        id: 'battery.percent',
        title: 'Battery',
        type: 'number',
        unit: '%',
        range: { min: 0, max: 100 },
        source: { from: 'smp.stat', group: 'power', field: 'battery_pct' },
        warn: { below: 40 },
        alarm: { below: 20 },
      },
      {
        id: 'motor.rpm',
        title: 'Hoist motor speed',
        type: 'number',
        unit: '1/min',
        range: { min: 0, max: 6000 },
        source: { from: 'smp.stat', group: 'drive', field: 'rpm' },
        warn: { above: 3000 },
      },
      {
        id: 'hydraulics.pressure',
        title: 'Hydraulic pressure',
        type: 'number',
        unit: 'bar',
        range: { min: 0, max: 400 },
        source: { from: 'smp.stat', group: 'drive', field: 'pressure_mbar' },
        scale: 0.001,
        alarm: { above: 320 },
      },
      {
        id: 'health.selftest',
        title: 'Self-test',
        type: 'text',
        source: { from: 'smp.shell', argv: ['selftest'] },
      },
    ],
    timing: { restartWithin: '30s', stallAfter: '20s' },
    hands: [
      { at: 'before-write', text: 'Lower the boom into its cradle and close the lock before you go on.' },
      { at: 'no-answer', text: 'Switch the controller off at F7, wait ten seconds, switch it on again.' },
    ],
  },
  shell(argv, view) {
    const contact = (signal: string) => (view.signals[signal] === true ? 'closed' : 'open')
    if (argv[0] === 'id') return identity('acme-crane', view)
    if (argv[0] === 'boom') return `cradle=${contact('boom.parked')} S4=${contact('boom.locked')}`
    return argv[0] === 'selftest' ? selfTest(view) : null
  },
  stat(group, { signals }) {
    const number = (signal: string) => Number(signals[signal] ?? 0)
    if (group === 'power') return { battery_pct: number('battery.percent') }
    if (group === 'drive') return { rpm: number('motor.rpm'), pressure_mbar: number('hydraulics.bar') * 1000 }
    return null
  },
}

export function identity(type: string, view: MachineView): string {
  return `type=${type} serial=${view.serial} hw=${view.hardware}`
}
