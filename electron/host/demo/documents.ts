import type { PlanInput } from '../../../shared/model/plan.ts'
import type { Site } from '../../../shared/model/site.ts'
import { toInstant } from '../../../shared/model/text.ts'

const DAY_MS = 86_400_000

export const DEMO_SITE = 'quay-4'

/** The demo's devices: what they run at first, and what the publisher wants. */
export const DEMO_DEVICES = {
  crane: { type: 'acme-crane', serial: 'CR-0007', name: 'crane-07', component: 'app', from: '2.4.1', to: '2.5.0' },
  gateway: {
    type: 'acme-gateway',
    serial: 'GW-0001',
    name: 'gateway-01',
    component: 'app',
    from: '1.8.2',
    to: '1.9.0',
  },
  winch: { type: 'acme-winch', serial: 'WI-0002', name: 'winch-02', component: 'system', from: '3.1.0', to: '3.2.0' },
} as const
export type DemoDeviceId = keyof typeof DEMO_DEVICES

export const DEMO_TARGETS: Readonly<Record<DemoDeviceId, string>> = {
  crane: 'crane-2.5.0.bin',
  gateway: 'gateway-1.9.0.bin',
  winch: 'winch-3.2.0.swu',
}

/** The signed list of the place. A fourth device is expected and never comes: the board has to say so. */
export function demoSite(addresses: Readonly<Record<DemoDeviceId, string>>): Site {
  const listed = (Object.keys(DEMO_DEVICES) as DemoDeviceId[]).map((id) => {
    const { type, serial, name, component, to } = DEMO_DEVICES[id]
    return { type, serial, name, wanted: { [component]: to }, addresses: [addresses[id]] }
  })
  return {
    format: 'slipway.site/1',
    id: DEMO_SITE,
    title: 'Quay 4, crane bay',
    zone: 'Europe/Oslo',
    devices: [
      ...listed,
      { type: 'acme-crane', serial: 'CR-0008', name: 'crane-08', wanted: { app: '2.5.0' }, addresses: [] },
    ],
  }
}

/** The plans of the demo: one a device, and one for a crane whose controller does not start. `now`: ms since 1970. */
export function demoPlans(now: number): PlanInput[] {
  const dates = { notBefore: toInstant(now - DAY_MS), expires: toInstant(now + 75 * DAY_MS) }
  const authority = { roles: ['technician' as const] }
  return [
    {
      format: 'slipway.plan/1',
      id: 'crane-2.5.0',
      title: 'Crane controller 2.5.0',
      reason: 'Closes CVE-2026-1234: a message on the deck network could move the boom.',
      priority: 'security',
      ...dates,
      scope: { sites: ['*'], deviceTypes: ['acme-crane'], from: { app: '>=2.3.0 <2.5.0' } },
      authority,
      artifacts: [{ component: 'app', target: `artifacts/${DEMO_TARGETS.crane}`, version: '2.5.0' }],
      conditions: [
        {
          id: 'boom-parked',
          title: 'Boom parked and locked',
          fix: 'Lower the boom into its cradle and close lock S4. Contact switch S4 must read closed.',
          at: ['write', 'restart'],
          watch: true,
          expr: 'signal.boom.parked && signal.boom.locked',
          maxAge: '5s',
          override: { roles: ['supervisor'], twoPerson: true },
        },
        {
          id: 'battery',
          title: 'Battery at least 40 %',
          fix: 'Connect the crane to shore power and wait.',
          at: ['write', 'restart'],
          watch: true,
          expr: 'signal.battery.percent >= 40.0',
          maxAge: '10s',
        },
        {
          id: 'motor-stopped',
          title: 'Hoist motor stopped',
          fix: 'Stop the hoist at the control stand.',
          at: ['write', 'restart'],
          watch: true,
          expr: 'signal.motor.rpm == 0.0',
          maxAge: '5s',
        },
        {
          id: 'area-clear',
          title: 'Nobody within 5 m of the crane',
          at: ['restart'],
          attest: { text: 'Nobody stands within 5 m of the crane.', evidence: 'none' },
        },
      ],
      holds: ['before-restart'],
      checks: [{ id: 'self-test', title: 'Self-test passes', expr: "signal.health.selftest == 'pass'", within: '30s' }],
      onCheckFail: 'rollback',
      limits: { maxDuration: '30m' },
    },
    {
      format: 'slipway.plan/1',
      id: 'crane-2.5.0-rescue',
      title: 'Rescue of a crane controller',
      reason: 'Brings back a crane whose controller does not start any more.',
      priority: 'safety',
      ...dates,
      scope: {
        sites: ['*'],
        deviceTypes: ['acme-crane'],
        recovery: { only: true, plate: { roles: ['technician'], twoPerson: false } },
      },
      authority,
      artifacts: [{ component: 'app', target: `artifacts/${DEMO_TARGETS.crane}`, version: '2.5.0', permanent: true }],
      // Its boot loader knows no contact switch: here people look.
      conditions: [
        {
          id: 'boom-secured',
          title: 'Boom in its cradle, motor switched off',
          fix: 'Lower the boom by hand pump, and switch the hoist motor off at F3.',
          at: ['write', 'restart'],
          attest: { text: 'The boom lies in its cradle, and the hoist motor is switched off at F3.', evidence: 'none' },
        },
      ],
      checks: [{ id: 'self-test', title: 'Self-test passes', expr: "signal.health.selftest == 'pass'", within: '30s' }],
      onCheckFail: 'ask',
    },
    {
      format: 'slipway.plan/1',
      id: 'gateway-1.9.0',
      title: 'Deck gateway 1.9.0',
      reason: 'Keeps the deck network up when a machine sends malformed frames.',
      priority: 'normal',
      ...dates,
      scope: { sites: ['*'], deviceTypes: ['acme-gateway'], from: { app: '>=1.8.0 <1.9.0' } },
      authority: { roles: ['technician', 'crew'] },
      artifacts: [{ component: 'app', target: `artifacts/${DEMO_TARGETS.gateway}`, version: '1.9.0' }],
      conditions: [
        {
          id: 'load-low',
          title: 'Processor load below 80 %',
          fix: 'Wait until the machines behind the gateway are idle.',
          at: ['write', 'restart'],
          expr: 'signal.load.percent < 80.0',
          maxAge: '10s',
        },
      ],
      checks: [{ id: 'self-test', title: 'Self-test passes', expr: "signal.health.selftest == 'pass'", within: '30s' }],
    },
    {
      format: 'slipway.plan/1',
      id: 'winch-3.2.0',
      title: 'Mooring winch 3.2.0',
      reason: 'Reads line tension correctly below freezing.',
      priority: 'safety',
      ...dates,
      scope: { sites: [DEMO_SITE], deviceTypes: ['acme-winch'], from: { system: '>=3.0.0 <3.2.0' } },
      authority,
      artifacts: [{ component: 'system', target: `artifacts/${DEMO_TARGETS.winch}`, version: '3.2.0' }],
      conditions: [
        {
          id: 'brake-set',
          title: 'Brake set, line slack',
          fix: 'Set the brake and slacken the line below 1 t.',
          at: ['write', 'restart'],
          watch: true,
          expr: 'signal.brake.set && signal.line.tension < 1.0',
          maxAge: '5s',
        },
      ],
      checks: [{ id: 'self-test', title: 'Self-test passes', expr: "signal.health.selftest == 'pass'", within: '60s' }],
      onCheckFail: 'ask',
    },
  ]
}
