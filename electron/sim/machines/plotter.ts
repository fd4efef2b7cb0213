import type { ProfileInput } from '../../../shared/model/profile.ts'

/** A chart plotter that is updated in its boot loader's fastboot mode, and whose application speaks fastboot too. */
export const PLOTTER_PROFILE: ProfileInput = {
  format: 'slipway.profile/1',
  type: 'acme-plotter',
  title: 'Chart plotter',
  vendor: 'Acme Marine',
  drivers: [
    { driver: 'fastboot', link: 'udp', partitions: { app: 'system' } },
    { driver: 'fastboot', link: 'usb', usb: [{ vid: '18d1', pid: '4ee0' }], partitions: { app: 'system' } },
  ],
  identity: {
    type: { source: { from: 'fastboot.var', name: 'product' } },
    serial: { source: { from: 'fastboot.var', name: 'serialno' } },
    hardware: { source: { from: 'fastboot.var', name: 'hw-revision' } },
  },
  components: [
    {
      id: 'app',
      title: 'System',
      version: { source: { from: 'fastboot.var', name: 'version-app', match: '^v?(\\S+)' } },
    },
  ],
  signals: [
    {
      id: 'battery.mv',
      title: 'Battery',
      type: 'number',
      unit: 'mV',
      source: { from: 'fastboot.var', name: 'battery-voltage' },
    },
  ],
  timing: { restartWithin: '60s', stallAfter: '90s' },
}
