import type { ProfileInput } from '../../../shared/model/profile.ts'

export type SignalValue = string | number | boolean

/** What a simulated application knows when it is asked something. */
export interface MachineView {
  readonly serial: string
  readonly hardware: string
  readonly version: string
  readonly signals: Readonly<Record<string, SignalValue>>
  /** ms since the application started. */
  readonly uptime: number
  /** Text in the running image, which decides how a version behaves. */
  readonly image: string
}

/** A type of simulated machine: its surroundings, and what its firmware answers. Pure. */
export interface Machine {
  readonly type: string
  readonly hardware: string
  readonly profile: ProfileInput
  /** How its surroundings are at first: safe. */
  readonly signals: Readonly<Record<string, SignalValue>>
  /** What changes when somebody makes it unsafe. */
  readonly unsafe: Readonly<Record<string, SignalValue>>
}

export interface SmpMachine extends Machine {
  /** Output of a shell command; null: there is no such command. */
  shell(argv: readonly string[], view: MachineView): string | null
  /** A statistics group; null: there is no such group. */
  stat(group: string, view: MachineView): Readonly<Record<string, number>> | null
}

export interface WebMachine extends Machine {
  /** What `GET /device.json` shows. */
  document(view: MachineView): unknown
}

/** ms that a self-test takes after each start. */
const SELF_TEST_MS = 400

/** What an image says of itself decides how its self-test ends: `selftest=fail` in its text makes it fail. */
export function selfTest({ uptime, image, signals }: MachineView): 'running' | 'pass' | 'fail' {
  if (uptime < SELF_TEST_MS) return 'running'
  return image.includes('selftest=fail') || signals['health.broken'] === true ? 'fail' : 'pass'
}
