import { alerts } from './alerts.ts'
import { app } from './app.ts'
import { artifacts } from './artifacts.ts'
import { audit } from './audit.ts'
import { demo } from './demo.ts'
import { devices } from './devices.ts'
import { doctor } from './doctor.ts'
import { packs } from './packs.ts'
import { people } from './people.ts'
import { plans } from './plans.ts'
import { runs } from './runs.ts'
import { settings } from './settings.ts'
import { site } from './site.ts'
import { source } from './source.ts'
import { sync } from './sync.ts'
import { traces } from './traces.ts'
import { trust } from './trust.ts'

/** Everything a client can ask of a host: the only truth about it. */
export const contract = {
  app,
  people,
  trust,
  sync,
  packs,
  source,
  artifacts,
  site,
  devices,
  doctor,
  traces,
  plans,
  runs,
  audit,
  alerts,
  settings,
  demo,
}
export type SlipwayContract = typeof contract

/** Named in the first frame. Raised with every change that an older client would misread. */
export const CONTRACT_VERSION = 1
