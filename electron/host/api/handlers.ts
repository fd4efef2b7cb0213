import type { SlipwayContract } from '../../../shared/contract/index.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import { alertHandlers, appHandlers, settingsHandlers } from './app.ts'
import { artifactHandlers } from './artifacts.ts'
import { auditHandlers } from './audit.ts'
import type { Ctx } from './context.ts'
import { demoHandlers } from './demo.ts'
import { deviceHandlers, siteHandlers } from './devices.ts'
import { doctorHandlers } from './finding.ts'
import { peopleHandlers } from './people.ts'
import { planHandlers, runHandlers } from './runs.ts'
import type { Services } from './services.ts'
import { sourceHandlers } from './source.ts'
import { traceHandlers } from './traces.ts'
import { packHandlers, syncHandlers, trustHandlers } from './trust-and-sync.ts'

/** Every method of the contract, answered by the services. */
export function handlersFor(services: Services): Handlers<SlipwayContract, Ctx> {
  return {
    app: appHandlers(services),
    people: peopleHandlers(services),
    trust: trustHandlers(services),
    sync: syncHandlers(services),
    packs: packHandlers(services),
    source: sourceHandlers(services),
    artifacts: artifactHandlers(services),
    site: siteHandlers(services),
    devices: deviceHandlers(services),
    doctor: doctorHandlers(services),
    traces: traceHandlers(services),
    plans: planHandlers(services),
    runs: runHandlers(services),
    audit: auditHandlers(services),
    alerts: alertHandlers(services),
    settings: settingsHandlers(services),
    demo: demoHandlers(services),
  }
}
