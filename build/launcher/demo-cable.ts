import type { Need } from '../lanes/needs.ts'

/** What the demo is short of, and what was done about it, in words for the terminal. */
export interface CableDeps {
  readonly platform: NodeJS.Platform
  readonly need: Need
  /** Root on Debian: what is missing can be installed. */
  readonly canInstall: boolean
  readonly meet: (need: Need) => Promise<string | null>
  readonly say: (line: string) => void
}

const INSIDE =
  'The crane of the demo is joined inside Slipway instead of over a serial line; everything else is the same.'

/**
 * The demo's crane hangs on a serial line between two pseudo-terminals, which a program of the system
 * makes. Brings that where it can be had without asking, and says what the demo does without it.
 */
export async function bringDemoCable({ platform, need, canInstall, meet, say }: CableDeps): Promise<void> {
  if (platform === 'win32') return
  if ((await need.missing()) === null) return
  const names = need.packages.join(' ')
  if (!canInstall) return say(`There is no ${names} here. ${INSIDE}`)
  say(`The demo's crane needs a serial line made of software, which ${names} makes.`)
  if ((await meet(need)) !== null) say(`${names} could not be installed. ${INSIDE}`)
}
