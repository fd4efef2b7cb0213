/** Where Linux tells of its devices and programs. Tests have a tree of their own. */
export interface SystemFiles {
  readonly proc: string
  readonly sys: string
  readonly dev: string
  readonly etc: string
  readonly run: string
}

export const SYSTEM_FILES: SystemFiles = { proc: '/proc', sys: '/sys', dev: '/dev', etc: '/etc', run: '/run' }

/** The reason that a file could not be had, where Node gives one. */
export function errnoOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | null)?.code ?? ''
}

/** A thing of the system is named by the system, never by a path of somebody's choice. */
export function isPlainName(name: string): boolean {
  return /^[\w.:-]+$/.test(name) && !name.includes('..')
}
