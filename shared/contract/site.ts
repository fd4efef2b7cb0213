import { z } from 'zod'
import { DeviceKey, LinkKind, Presence } from '../model/device.ts'
import { ErrorDataSchema } from '../model/error-data.ts'
import { Slug } from '../model/text.ts'
import { call, watch } from '../rpc/define.ts'
import { Nothing, PageWish } from './common.ts'

/** The four groups of the home screen, in the order in which a person should look. */
export const BoardGroup = z.enum(['needs-you', 'to-update', 'up-to-date', 'not-here'])
export type BoardGroup = z.infer<typeof BoardGroup>

export const BoardRow = z.object({
  key: DeviceKey,
  name: z.string(),
  type: Slug,
  typeTitle: z.string(),
  serial: z.string(),
  group: BoardGroup,
  presence: Presence,
  link: z.object({ kind: LinkKind, address: z.string() }).nullable(),
  running: z.record(Slug, z.string().nullable()),
  wanted: z.record(Slug, z.string()),
  /** The plan that leads to what is wanted and fits this device now. */
  plan: z.object({ id: Slug, title: z.string() }).nullable(),
  run: z.string().nullable(),
  /** Why it is not up to date, or why it needs a person. */
  reason: ErrorDataSchema.nullable(),
  lastSeenAt: z.number().nullable(),
  lastSeenBy: z.string().nullable(),
  /** In the site's signed list, or only found here. */
  expected: z.boolean(),
})
export type BoardRow = z.infer<typeof BoardRow>

export const SiteBoard = z.object({
  site: z.object({ id: Slug, title: z.string(), zone: z.string() }).nullable(),
  counts: z.record(BoardGroup, z.int()),
  /** By name; the first {@link MAX_BOARD_ROWS} of them. */
  rows: z.array(BoardRow),
  /** Rows of the whole board. */
  total: z.int(),
})
export type SiteBoard = z.infer<typeof SiteBoard>

/** A board of more devices is looked at by pages. */
export const MAX_BOARD_ROWS = 2000

/** One page of the board: groups in the order in which a person should look, rows by name. */
export const BoardPage = z.object({
  site: SiteBoard.shape.site,
  /** Of the whole board, whatever is asked for. */
  counts: SiteBoard.shape.counts,
  total: z.int(),
  /** What is found, by group; groups without any are left out. */
  found: z.array(z.object({ group: BoardGroup, count: z.int() })),
  from: z.int(),
  rows: z.array(BoardRow),
})
export type BoardPage = z.infer<typeof BoardPage>

/** Devices of which {@link site.ready} tells. */
export const MAX_READY = 100

/** One thing that a trip depends on. */
export const TripItem = z.object({
  kind: z.enum(['offline-limit', 'root', 'targets', 'role', 'plan', 'lease', 'artifact', 'profile', 'space']),
  /** The role, plan, operator, file or device type; empty where there is only one. */
  name: z.string(),
  /** When it ends, ms; null: it is there or it is not. */
  until: z.number().nullable(),
  good: z.boolean(),
  /** What will be wrong before the return. */
  reason: ErrorDataSchema.nullable(),
  /** What mends it: a sync of the signed lists, a fetch, the publisher, room on the disk. */
  remedy: z.enum(['none', 'sync', 'fetch', 'publisher', 'space']),
  bytes: z.number().nullable(),
})
export type TripItem = z.infer<typeof TripItem>

export const TripView = z.object({
  site: Slug.nullable(),
  until: z.number(),
  good: z.boolean(),
  /** What does not last or is not here first, then by what ends first. */
  items: z.array(TripItem),
  /** Bytes of files to fetch before leaving. */
  toFetch: z.number(),
})
export type TripView = z.infer<typeof TripView>

export const site = {
  list: watch('open', Nothing, z.array(z.object({ id: Slug, title: z.string(), devices: z.int() }))),
  choose: call('open', z.object({ site: Slug }), Nothing),
  board: watch('open', Nothing, SiteBoard),
  page: watch('open', PageWish.extend({ group: BoardGroup.nullable().default(null) }), BoardPage),
  row: watch('open', z.object({ device: DeviceKey }), BoardRow.nullable()),
  /** Devices here, by name, that one touch would update. */
  ready: watch('open', Nothing, z.array(BoardRow).max(MAX_READY)),
  /** Whether everything for the chosen site lasts and is here until the return, ms since 1970. */
  trip: call('open', z.object({ until: z.number() }), TripView),
}
