import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

const Bounds = z.object({ x: z.int(), y: z.int(), width: z.int().min(1), height: z.int().min(1) })
type Bounds = z.infer<typeof Bounds>

export const WindowState = z.object({ bounds: Bounds, maximized: z.boolean() })
export type WindowState = z.infer<typeof WindowState>

/** What a screen of the console needs at least, and what it likes. */
export const MIN_SIZE = { width: 800, height: 600 }
const GOOD_SIZE = { width: 1280, height: 800 }
/** So much of the title bar must be on a display for a hand to catch it, pixels. */
const VISIBLE = 100

/**
 * Where to open the window: as it was left, if that is still on a display (a docked laptop comes back
 * without its second one), else centred on the first.
 */
export function placeWindow(
  saved: WindowState | null,
  displays: readonly Bounds[],
): Partial<Bounds> & typeof GOOD_SIZE {
  const [main = { x: 0, y: 0, ...GOOD_SIZE }] = displays
  const size = (wanted: number, min: number, max: number) => Math.max(Math.min(wanted, max), Math.min(min, max))
  const fitted = ({ width, height }: typeof GOOD_SIZE, display: Bounds) => ({
    width: size(width, MIN_SIZE.width, display.width),
    height: size(height, MIN_SIZE.height, display.height),
  })
  const bounds = saved?.bounds
  const home = bounds && displays.find((display) => catchable(bounds, display))
  if (!bounds || !home) return fitted(GOOD_SIZE, main)
  return { x: bounds.x, y: bounds.y, ...fitted(bounds, home) }
}

function catchable(bounds: Bounds, display: Bounds): boolean {
  const across = Math.min(bounds.x + bounds.width, display.x + display.width) - Math.max(bounds.x, display.x)
  return across >= VISIBLE && bounds.y >= display.y && bounds.y <= display.y + display.height - VISIBLE
}

/** A file that is missing, broken or from another version only means the usual place. */
export function readWindowState(path: string): WindowState | null {
  try {
    return WindowState.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return null
  }
}

export function writeWindowState(path: string, state: WindowState): void {
  try {
    writeFileSync(path, JSON.stringify(state), { mode: 0o600 })
  } catch {
    // A window in another place tomorrow is not worth a word today.
  }
}
