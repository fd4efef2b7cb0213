import type { ProfileInput } from '../../../shared/model/profile.ts'

const CRC = '==> ([0-9a-f]{8})\\s*$'

/**
 * A bilge pump whose controller sits behind U-Boot: the boot loader loads it over the serial console and keeps it on
 * a FAT partition. U-Boot finds out who it is from a file there.
 */
export const PUMP_PROFILE: ProfileInput = {
  format: 'slipway.profile/1',
  type: 'acme-pump',
  title: 'Bilge pump',
  vendor: 'Acme Marine',
  drivers: [
    {
      driver: 'ymodem',
      link: 'serial',
      usb: [{ vid: '0403', pid: '6001' }],
      baud: 115_200,
      prompts: { application: 'pump> ', bootloader: '=> ' },
      enter: { send: 'reboot', catch: { on: 'Hit any key to stop autoboot', key: ' ' }, within: '30s' },
      load: {
        protocol: 'ymodem',
        send: 'loady {address}',
        ready: 'Ready for binary (ymodem) download',
        address: '0x41000000',
        piece: 32 * 1024,
      },
      check: [{ send: 'crc32 {address} {length}', expect: CRC, crc32: true, within: '20s' }],
      store: [
        { send: 'fatwrite virtio 0:1 {address} app.bin {length}', expect: '\\d+ bytes written', within: '60s' },
        { send: 'fatload virtio 0:1 0x46000000 app.bin', expect: '\\d+ bytes read', within: '60s' },
        { send: 'crc32 0x46000000 {length}', expect: CRC, crc32: true, within: '20s' },
      ],
      start: { send: 'reset' },
    },
  ],
  identity: {
    type: { source: identitySource('type') },
    serial: { source: identitySource('serial') },
    hardware: { source: identitySource('hardware') },
  },
  components: [
    {
      id: 'app',
      title: 'Controller',
      version: {
        source: { from: 'console', application: { send: 'version', match: 'version=(\\S+)' } },
      },
    },
  ],
  signals: [
    {
      id: 'hatch.closed',
      title: 'Hatch closed',
      type: 'bool',
      source: {
        from: 'console',
        application: { send: 'status', match: 'hatch=(\\w+)' },
        // The switch is a word of memory to the boot loader.
        bootloader: { send: 'md.l 0x47ffe000 1', match: ':\\s+([0-9a-f]{8})' },
      },
      map: { closed: true, open: false, '00000000': true, '00000001': false },
    },
    {
      id: 'health.selftest',
      title: 'Self-test',
      type: 'text',
      source: { from: 'console', application: { send: 'status', match: 'selftest=(\\w+)' } },
    },
    {
      id: 'start.reason',
      title: 'Boot loader seen at the last start',
      type: 'text',
      source: { from: 'console.banner', match: 'U-Boot (\\d{4}\\.\\d{2})' },
    },
  ],
  timing: { restartWithin: '60s', stallAfter: '90s' },
}

/** The application says it by itself; U-Boot reads it from the file that the application got it from. */
function identitySource(field: string) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: U-Boot fills it in
  const read = 'fatload virtio 0:1 0x48000000 id.env && env import -t 0x48000000 ${filesize}'
  return {
    from: 'console' as const,
    application: { send: 'id', match: `\\b${field}=(\\S+)` },
    bootloader: { send: `${read} && printenv ${field}`, match: `\\b${field}=(\\S+)` },
  }
}
