import type { Catalogue } from '../words-of.ts'
import { artifact } from './artifact.ts'
import { audit } from './audit.ts'
import { common } from './common.ts'
import { demo } from './demo.ts'
import { device } from './device.ts'
import { doctor } from './doctor.ts'
import { find } from './find.ts'
import { frame } from './frame.ts'
import { packs } from './packs.ts'
import { plans } from './plans.ts'
import { recovery } from './recovery.ts'
import { run } from './run.ts'
import { settings } from './settings.ts'
import { site } from './site.ts'
import { source } from './source.ts'
import { start } from './start.ts'
import { sync } from './sync.ts'
import { trip } from './trip.ts'

export const words: Catalogue = {
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
}
