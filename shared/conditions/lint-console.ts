import type { Plan } from '../model/plan.ts'
import { isAttested } from '../model/plan.ts'
import type { Profile } from '../model/profile.ts'
import { judgeable, signalsOf } from './judge.ts'

/** The boot loader has the console at these moments; its application is gone. */
const IN_BOOT_LOADER = ['write', 'restart'] as const

export interface ConsoleFinding {
  readonly where: string
  readonly problem: 'not-readable-in-boot-loader' | 'not-readable-while-loading'
  readonly found: string
}

/**
 * Conditions on a device behind a boot loader's console that could never be true when they are asked for: the signal
 * is known to the application alone, or watched while a transfer in one piece has the line.
 */
export function lintConsole(plan: Plan, inScope: readonly Profile[]): readonly ConsoleFinding[] {
  return inScope.flatMap((profile) =>
    plan.conditions.flatMap((condition): ConsoleFinding[] => {
      if (isAttested(condition)) return []
      const told = signalsOf(judgeable(condition)).flatMap((id) => profile.signals.find((one) => one.id === id) ?? [])
      const signals = told.filter(({ source }) => source.from === 'console')
      const where = `conditions.${condition.id}`
      const finding = (problem: ConsoleFinding['problem'], id: string): ConsoleFinding => ({
        where,
        problem,
        found: `${profile.type}: ${id}`,
      })
      const isLater = IN_BOOT_LOADER.some((moment) => condition.at.includes(moment))
      const mute = signals.filter(({ source }) => source.from === 'console' && source.bootloader === undefined)
      return [
        ...(isLater ? mute.map(({ id }) => finding('not-readable-in-boot-loader', id)) : []),
        ...(condition.watch && loadsInOnePiece(profile)
          ? signals.map(({ id }) => finding('not-readable-while-loading', id))
          : []),
      ]
    }),
  )
}

function loadsInOnePiece({ drivers }: Profile): boolean {
  return drivers.some((binding) => binding.driver === 'ymodem' && binding.load.piece === undefined)
}
