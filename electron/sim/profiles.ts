import type { ProfileInput } from '../../shared/model/profile.ts'
import { DEMO_SIGNER } from './artifacts/demo-key.ts'
import { crane } from './machines/crane.ts'
import { gateway } from './machines/gateway.ts'
import type { SmpMachine, WebMachine } from './machines/machine.ts'
import { winch } from './machines/winch.ts'

export const SMP_MACHINES = { 'acme-crane': crane, 'acme-gateway': gateway } as const satisfies Record<
  string,
  SmpMachine
>
export const WEB_MACHINES = { 'acme-winch': winch } as const satisfies Record<string, WebMachine>

export type SimType = keyof typeof SMP_MACHINES | keyof typeof WEB_MACHINES

/** Profiles of all simulated machines, as a publisher would write them. */
export const SIM_PROFILES: Readonly<Record<SimType, ProfileInput>> = {
  'acme-crane': { ...crane.profile, signers: [DEMO_SIGNER] },
  'acme-gateway': { ...gateway.profile, signers: [DEMO_SIGNER] },
  'acme-winch': winch.profile,
}
