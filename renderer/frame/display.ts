import type { Settings } from '../../shared/contract/settings.ts'
import { isLanguage, type Language, LOCALES } from '../text/language.ts'

/** How the page looks before the host has said: what it looked like last time. */
export interface Display {
  readonly palette: Settings['palette']
  readonly size: Settings['size']
  readonly language: Language
  /** Share of full brightness, 0.2..1: of this window alone, so not the host's to keep. */
  readonly brightness: number
}

const KEY = 'slipway.display'
const PALETTES: readonly Settings['palette'][] = ['bright', 'day', 'dusk', 'night']
const SIZES: readonly Settings['size'][] = ['regular', 'large', 'xl']
const DEFAULTS: Display = { palette: 'day', size: 'regular', language: 'en', brightness: 1 }

/**
 * The display of last time, applied before the first paint: a white flash at night costs a lookout
 * their eyes for minutes.
 */
export function rememberedDisplay(storage: Storage): Display {
  let stored: Partial<Record<keyof Display, unknown>> = {}
  try {
    stored = (JSON.parse(storage.getItem(KEY) ?? '{}') ?? {}) as typeof stored
  } catch {
    // Another program's leftovers: begin with the defaults.
  }
  const { palette, size, language, brightness } = stored
  return {
    palette: PALETTES.find((each) => each === palette) ?? DEFAULTS.palette,
    size: SIZES.find((each) => each === size) ?? DEFAULTS.size,
    language: typeof language === 'string' && isLanguage(language) ? language : DEFAULTS.language,
    brightness: typeof brightness === 'number' && brightness >= 0.2 && brightness <= 1 ? brightness : 1,
  }
}

export function applyDisplay(page: Document, storage: Storage, display: Display): void {
  const root = page.documentElement
  root.dataset.obcTheme = display.palette
  root.dataset.size = display.size
  root.lang = LOCALES[display.language]
  root.style.setProperty('--dimming', String(1 - display.brightness))
  page.body.className = `obc-component-size-${display.size}`
  storage.setItem(KEY, JSON.stringify(display))
}

export function nextPalette(palette: Settings['palette']): Settings['palette'] {
  return PALETTES[(PALETTES.indexOf(palette) + 1) % PALETTES.length] ?? 'day'
}
