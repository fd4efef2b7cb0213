import type { Locator } from 'playwright-core'

/** What a person can do to the page, whatever they do it with. Each finds its target, or fails after a while. */
export interface Hands {
  /** Presses a button, follows a link, turns a switch. */
  press(target: Locator): Promise<void>
  /** Puts text into a field that is empty. */
  type(field: Locator, text: string): Promise<void>
  /** Chooses an option of a list by its words. */
  choose(list: Locator, option: string): Promise<void>
  /** Slides an act that cannot be taken back to its end. */
  slide(slider: Locator): Promise<void>
  /** Goes to one of the areas. */
  goTo(area: Area): Promise<void>
}

export type Area = 'Site' | 'Plans' | 'Runs' | 'Sync' | 'Audit' | 'Settings'
