import { z } from 'zod'
import { DfuBinding, UsbStringSource, UsbVendorSource } from './dfu-binding.ts'
import { DurationText } from './duration.ts'
import { FastbootSource, FastbootUdpBinding, FastbootUsbBinding } from './fastboot-binding.ts'
import { MdnsServices } from './mdns.ts'
import {
  MenderArtifactInfoSource,
  MenderBinding,
  MenderDeviceTypeSource,
  MenderProvidesSource,
  MenderScriptSource,
  menderTrouble,
} from './mender-binding.ts'
import { RaucBinding, RaucSource } from './rauc-binding.ts'
import { SMP_SOURCES } from './smp-source.ts'
import { SshCommandSource } from './ssh-binding.ts'
import { Prose, Slug } from './text.ts'
import { BannerSource, ConsoleSource, YmodemBinding } from './ymodem-binding.ts'

/** How a value is read from a device. Each driver knows the sources of its own protocol. */
export const Source = z.discriminatedUnion('from', [
  ...SMP_SOURCES,
  /** A member of a JSON document the device serves; `pointer` is an RFC 6901 JSON pointer. */
  z.strictObject({
    from: z.literal('http.json'),
    path: z
      .string()
      .regex(/^\/[^\s?#]*$/)
      .max(200),
    pointer: z
      .string()
      .regex(/^(?:\/[^/]*)+$/)
      .max(200),
  }),
  UsbStringSource,
  UsbVendorSource,
  ConsoleSource,
  BannerSource,
  SshCommandSource,
  RaucSource,
  FastbootSource,
  MenderProvidesSource,
  MenderArtifactInfoSource,
  MenderDeviceTypeSource,
  MenderScriptSource,
])
export type Source = z.infer<typeof Source>

/** Turns what the device said into the typed value that conditions see. */
const reading = {
  source: Source,
  /** Device words to values: `{ "closed": true, "open": false }`. A word outside the map is unreadable. */
  map: z.record(z.string(), z.union([z.boolean(), z.number(), z.string()])).optional(),
  /** Multiplies a number: a device that reports millivolts for a signal in volts has 0.001. */
  scale: z.number().optional(),
}

/** `boom.parked`: dotted lower-case names, seen by conditions as `signal.boom.parked`. */
export const SignalId = z
  .string()
  .max(80)
  .regex(/^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*$/, 'dotted lower-case names')

/** Where a number stops being normal. */
export const Limit = z.strictObject({ below: z.number().optional(), above: z.number().optional() })
export type Limit = z.infer<typeof Limit>

export const SignalSpec = z.object({
  id: SignalId,
  title: Prose.max(120),
  type: z.enum(['bool', 'number', 'text']),
  unit: z.string().max(20).default(''),
  /** A number outside is a broken sensor, not a reading. */
  range: z.strictObject({ min: z.number(), max: z.number() }).optional(),
  ...reading,
  /** How often it is read while somebody looks or a run needs it. */
  every: DurationText.default('1s'),
  warn: Limit.optional(),
  alarm: Limit.optional(),
})
export type SignalSpec = z.infer<typeof SignalSpec>

const usbId = z.string().regex(/^[0-9a-f]{4}$/, 'four lower-case hex digits')

/** `set`: the device has no clock that lasts, and is given the console's trusted time whenever it is updated. */
const time = z.enum(['keep', 'set']).optional()

export const SmpSerialBinding = z.object({
  driver: z.literal('smp'),
  link: z.literal('serial'),
  /** `raw`: packets without console lines, CRC or a way back after an error (Zephyr 4.4 raw UART, MCUboot raw protocol). */
  framing: z.enum(['console', 'raw']).optional(),
  time,
  /** USB adapters or devices whose serial port may be this device. */
  usb: z.array(z.object({ vid: usbId, pid: usbId })).default([]),
  baud: z.int().min(300).max(4_000_000).default(115_200),
})
export const SmpUdpBinding = z.object({
  driver: z.literal('smp'),
  link: z.literal('udp'),
  time,
  port: z.int().min(1).max(65_535).default(1337),
  mdns: MdnsServices,
})
/** Who a device's web server must prove to be. Nothing but `https` addresses are asked then. */
export const TlsPin = z.strictObject({
  /** The only authorities, or the devices' own certificates, that are believed; PEM. */
  ca: z
    .string()
    .max(40_000)
    .regex(/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/, 'certificates in PEM'),
  /** The DNS name in the certificates of all devices of the type; without one each names the address it is at. */
  name: z
    .string()
    .max(253)
    .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i, 'a host name')
    .optional(),
})
export type TlsPin = z.infer<typeof TlsPin>

export const SwupdateBinding = z.object({
  driver: z.literal('swupdate'),
  link: z.literal('http'),
  port: z.int().min(1).max(65_535).default(8080),
  mdns: MdnsServices,
  tls: TlsPin.optional(),
  /**
   * What makes the new version run: `post`: the console asks for it (`POST /restart`); `self`: the device
   * restarts by itself after a success; `none`: it runs without a restart.
   */
  restart: z.enum(['post', 'self', 'none']).default('post'),
})
export const DriverBinding = z.union([
  SmpSerialBinding,
  SmpUdpBinding,
  SwupdateBinding,
  DfuBinding,
  YmodemBinding,
  RaucBinding,
  FastbootUdpBinding,
  FastbootUsbBinding,
  MenderBinding,
])
export type DriverBinding = z.infer<typeof DriverBinding>
export type DriverId = DriverBinding['driver']

export const ComponentSpec = z.object({
  id: Slug,
  title: Prose.max(120),
  /** MCUboot image number, for drivers that have several. */
  image: z.int().min(0).max(7).default(0),
  version: z.object(reading),
})
export type ComponentSpec = z.infer<typeof ComponentSpec>

/** A key that signs the images themselves, inside the artifact. */
export const SignerKey = z.object({
  id: Slug,
  algorithm: z.enum(['ed25519', 'ecdsa-p256', 'rsa-pss-2048', 'rsa-pss-3072', 'rsa-pkcs1', 'cms']),
  /** SubjectPublicKeyInfo, or for `cms` a certificate; PEM. */
  pem: z.string().max(10_000),
})
export type SignerKey = z.infer<typeof SignerKey>

/** `profiles/<device-type>.json`: how to find, identify, read and update one type of device. */
export const Profile = z
  .object({
    format: z.literal('slipway.profile/1'),
    type: Slug,
    title: Prose.max(120),
    vendor: Prose.max(120),
    /** In order of preference. */
    drivers: z.array(DriverBinding).min(1).max(8),
    identity: z.object({
      serial: z.object(reading),
      type: z.object(reading).optional(),
      hardware: z.object(reading).optional(),
    }),
    components: z.array(ComponentSpec).min(1).max(8),
    signals: z.array(SignalSpec).max(200).default([]),
    /** Keys for the inner signature; empty means that the device alone judges it. */
    signers: z.array(SignerKey).max(8).default([]),
    timing: z
      .object({
        /** Longest wait for the device to answer again after a restart. */
        restartWithin: DurationText.default('60s'),
        /** Longest a write may go without progress. */
        stallAfter: DurationText.default('60s'),
      })
      .prefault({}),
    /** What a person must do by hand, in their words. */
    hands: z
      .array(z.object({ at: z.enum(['before-write', 'after-restart', 'no-answer']), text: Prose.max(300) }))
      .default([]),
  })
  .superRefine((profile, ctx) => {
    const trouble = menderTrouble(profile)
    if (trouble !== null) ctx.addIssue({ code: 'custom', message: trouble, path: ['drivers'] })
  })
export type Profile = z.infer<typeof Profile>
export type ProfileInput = z.input<typeof Profile>
