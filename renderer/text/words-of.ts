import { artifact } from './en/artifact.ts'
import { audit } from './en/audit.ts'
import { common } from './en/common.ts'
import { demo } from './en/demo.ts'
import { device } from './en/device.ts'
import { doctor } from './en/doctor.ts'
import { find } from './en/find.ts'
import { frame } from './en/frame.ts'
import { packs } from './en/packs.ts'
import { plans } from './en/plans.ts'
import { recovery } from './en/recovery.ts'
import { run } from './en/run.ts'
import { settings } from './en/settings.ts'
import { site } from './en/site.ts'
import { source } from './en/source.ts'
import { start } from './en/start.ts'
import { sync } from './en/sync.ts'
import { trip } from './en/trip.ts'

/** English is the pattern: its keys and its facts are what the other languages must have. */
export const english = {
  artifact,
  audit,
  common,
  demo,
  device,
  doctor,
  find,
  frame,
  packs,
  source,
  plans,
  recovery,
  run,
  settings,
  site,
  start,
  sync,
  trip,
} as const

type Section = keyof typeof english
/** Every text of the interface: `frame.online`, `site.summary`, ... */
export type TextKey = { [S in Section]: `${S}.${keyof (typeof english)[S] & string}` }[Section]
/** The English text behind a key, as a type: its facts are read from it. */
export type TextOf<K extends TextKey> = K extends `${infer S extends Section}.${infer T}`
  ? T extends keyof (typeof english)[S]
    ? (typeof english)[S][T] & string
    : never
  : never

/** One language: the same sections and keys as English. */
export type Catalogue = { readonly [S in Section]: { readonly [T in keyof (typeof english)[S]]: string } }
