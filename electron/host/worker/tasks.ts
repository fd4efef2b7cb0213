/**
 * Every task by name, loaded when it is first asked for: a thread that only hashes need not read what
 * verifying a log takes.
 */
export const TASKS = {
  'age-wrap-keys': async () => (await import('./age-wrap-keys.ts')).ageWrapKeys,
  'audit-stretch': async () => (await import('./audit-stretch.ts')).auditStretch,
  'delta-apply': async () => (await import('./delta-apply.ts')).deltaApply,
  'delta-assemble': async () => (await import('./delta-assemble.ts')).deltaAssemble,
  'delta-find': async () => (await import('./delta-find.ts')).deltaFind,
  'hash-blocks': async () => (await import('./hash-blocks.ts')).hashBlocks,
  'hash-file': async () => (await import('./hash-file.ts')).hashFile,
} as const

export type TaskName = keyof typeof TASKS
type TaskOf<N extends TaskName> = Awaited<ReturnType<(typeof TASKS)[N]>>
export type TaskInput<N extends TaskName> = Parameters<TaskOf<N>>[0]
export type TaskOutput<N extends TaskName> = Awaited<ReturnType<TaskOf<N>>>
