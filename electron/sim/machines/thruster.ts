import type { ProfileInput } from '../../../shared/model/profile.ts'
import { type Machine, type MachineView, selfTest } from './machine.ts'

/** Vendor requests that the thruster's application answers. */
const REQUEST = { type: 1, hardware: 2, version: 3, propeller: 16, temperature: 17, selfTest: 18 } as const

/** Ids in the application and in DFU mode: pid.codes' range for tests. */
export const THRUSTER_IDS = { vid: '1209', application: '0001', dfu: '0002' } as const

const profile: ProfileInput = {
  format: 'slipway.profile/1',
  type: 'acme-thruster',
  title: 'Bow thruster',
  vendor: 'Acme Marine',
  drivers: [
    {
      driver: 'dfu',
      link: 'usb',
      usb: [
        { vid: THRUSTER_IDS.vid, pid: THRUSTER_IDS.application },
        { vid: THRUSTER_IDS.vid, pid: THRUSTER_IDS.dfu },
      ],
    },
  ],
  identity: { serial: { source: { from: 'usb', field: 'serial' } } },
  components: [
    {
      id: 'app',
      title: 'Controller firmware',
      version: { source: { from: 'usb.vendor', request: REQUEST.version, as: 'text' } },
    },
  ],
  signals: [
    {
      id: 'propeller.stopped',
      title: 'Propeller stopped',
      type: 'bool',
      source: { from: 'usb.vendor', request: REQUEST.propeller, as: 'u8' },
      map: { '1': true, '0': false },
    },
    {
      id: 'motor.temperature',
      title: 'Motor temperature',
      type: 'number',
      unit: '°C',
      range: { min: -40, max: 200 },
      source: { from: 'usb.vendor', request: REQUEST.temperature, as: 'i16' },
      scale: 0.1,
      warn: { above: 90 },
    },
    {
      id: 'health.selftest',
      title: 'Self-test',
      type: 'text',
      source: { from: 'usb.vendor', request: REQUEST.selfTest, as: 'text' },
    },
  ],
  timing: { restartWithin: '20s', stallAfter: '30s' },
  hands: [{ at: 'no-answer', text: 'Unplug the USB cable of the thruster, wait five seconds, and plug it in again.' }],
}

/** A bow thruster whose controller is updated by USB DFU. */
export const thruster: Machine & { vendor(request: number, view: MachineView): Uint8Array | null } = {
  type: 'acme-thruster',
  hardware: 'rev-a',
  signals: { 'propeller.stopped': true, 'motor.temperature': 31.5 },
  unsafe: { 'propeller.stopped': false },
  profile,
  vendor(request, view) {
    const text = (value: string) => new Uint8Array(Buffer.from(`${value}\0`))
    switch (request) {
      case REQUEST.type:
        return text('acme-thruster')
      case REQUEST.hardware:
        return text(view.hardware)
      case REQUEST.version:
        return text(view.version)
      case REQUEST.propeller:
        return Uint8Array.of(view.signals['propeller.stopped'] === true ? 1 : 0)
      case REQUEST.temperature: {
        const bytes = new Uint8Array(2)
        new DataView(bytes.buffer).setInt16(0, Math.round(Number(view.signals['motor.temperature'] ?? 0) * 10), true)
        return bytes
      }
      case REQUEST.selfTest:
        return text(selfTest(view))
      default:
        return null
    }
  },
}
