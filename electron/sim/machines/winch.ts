import { selfTest, type WebMachine } from './machine.ts'

/** A mooring winch with a Linux controller that SWUpdate updates over the local network. */
export const winch: WebMachine = {
  type: 'acme-winch',
  hardware: '1.2',
  signals: { 'brake.set': true, 'line.tension': 0.4, 'battery.percent': 96 },
  unsafe: { 'brake.set': false, 'line.tension': 31.5 },
  profile: {
    format: 'slipway.profile/1',
    type: 'acme-winch',
    title: 'Mooring winch',
    vendor: 'Acme Marine',
    drivers: [{ driver: 'swupdate', link: 'http', port: 8080, restart: 'post' }],
    identity: {
      type: { source: { from: 'http.json', path: '/device.json', pointer: '/type' } },
      serial: { source: { from: 'http.json', path: '/device.json', pointer: '/serial' } },
      hardware: { source: { from: 'http.json', path: '/device.json', pointer: '/hardware' } },
    },
    components: [
      {
        id: 'system',
        title: 'System image',
        version: { source: { from: 'http.json', path: '/device.json', pointer: '/version' } },
      },
    ],
    signals: [
      {
        id: 'brake.set',
        title: 'Brake set',
        type: 'bool',
        source: { from: 'http.json', path: '/device.json', pointer: '/signals/brake' },
        map: { set: true, released: false },
      },
      {
        id: 'line.tension',
        title: 'Line tension',
        type: 'number',
        unit: 't',
        range: { min: 0, max: 60 },
        source: { from: 'http.json', path: '/device.json', pointer: '/signals/tension_kg' },
        scale: 0.001,
        warn: { above: 20 },
        alarm: { above: 40 },
      },
      {
        id: 'battery.percent',
        title: 'Battery',
        type: 'number',
        unit: '%',
        range: { min: 0, max: 100 },
        source: { from: 'http.json', path: '/device.json', pointer: '/signals/battery' },
        warn: { below: 40 },
        alarm: { below: 20 },
      },
      {
        id: 'health.selftest',
        title: 'Self-test',
        type: 'text',
        source: { from: 'http.json', path: '/device.json', pointer: '/signals/selftest' },
      },
    ],
    timing: { restartWithin: '60s', stallAfter: '30s' },
  },
  document(view) {
    const { signals } = view
    return {
      type: 'acme-winch',
      serial: view.serial,
      hardware: view.hardware,
      version: view.version,
      signals: {
        brake: signals['brake.set'] === true ? 'set' : 'released',
        tension_kg: Math.round(Number(signals['line.tension'] ?? 0) * 1000),
        battery: Number(signals['battery.percent'] ?? 0),
        selftest: selfTest(view),
      },
    }
  },
}
