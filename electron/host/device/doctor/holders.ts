import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type Fact, type Holder, type Holders, known, UNKNOWN } from './facts.ts'
import { errnoOf, type SystemFiles } from './system-files.ts'

/** Programs whose open files are looked at. */
const MOST_PROGRAMS = 20_000
const MAX_NAME = 60

/**
 * The programs that have a file open, without this one. Linux tells it in `/proc/PID/fd`, to each account of its own
 * programs only; elsewhere nobody knows.
 */
export async function holdersOf(path: string, { proc }: SystemFiles, own = process.pid): Promise<Fact<Holders>> {
  const pids = await pidsIn(proc)
  if (!pids) return UNKNOWN
  const list: Holder[] = []
  let hidden = 0
  for (const pid of pids) {
    if (pid === own) continue
    const has = await hasOpen(join(proc, String(pid), 'fd'), path)
    if (has === null) hidden += 1
    else if (has) list.push({ pid, program: await programOf(proc, pid) })
  }
  return known({ list, hidden })
}

/** Pid of the first program of this name; null: none runs. Names are there for everybody to read. */
export async function findProgram(name: string, { proc }: SystemFiles): Promise<Fact<number | null>> {
  const pids = await pidsIn(proc)
  if (!pids) return UNKNOWN
  for (const pid of pids) {
    if ((await programOf(proc, pid)) === name) return known(pid)
  }
  return known(null)
}

async function pidsIn(proc: string): Promise<readonly number[] | null> {
  const names = await readdir(proc).catch(() => null)
  if (names === null) return null
  return names
    .filter((name) => /^\d+$/.test(name))
    .slice(0, MOST_PROGRAMS)
    .map(Number)
}

/** Null: another account's program. One that has ended meanwhile has nothing open. */
async function hasOpen(folder: string, path: string): Promise<boolean | null> {
  try {
    for (const fd of await readdir(folder)) {
      const target = await readlink(join(folder, fd)).catch(() => '')
      if (target === path) return true
    }
    return false
  } catch (error) {
    return errnoOf(error) === 'EACCES' || errnoOf(error) === 'EPERM' ? null : false
  }
}

/** Name of a program as the kernel has it (15 letters at most). */
async function programOf(proc: string, pid: number): Promise<string> {
  const name = await readFile(join(proc, String(pid), 'comm'), 'utf8').catch(() => '')
  return name.trim().slice(0, MAX_NAME)
}
