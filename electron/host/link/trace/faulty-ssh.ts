import type { SshLink } from '../link.ts'
import type { BadLine } from './bad-line.ts'

/**
 * A command over TCP arrives whole or not at all: what a bad line does to it is that the connection breaks, before the
 * device did it or after. What it said may be cut where a program ended early.
 */
export function faultySsh(link: SshLink, line: BadLine): SshLink {
  const around = async <T>(signal: AbortSignal, ask: () => Promise<T>, cut: (answer: T) => T): Promise<T> => {
    const fate = line.fate(['drop', 'stall', 'truncate', 'unplug'])
    if (fate === 'stall') await line.pause(signal)
    if (fate === 'drop') line.unplug()
    const answer = await ask()
    if (fate !== 'truncate') return answer
    if (line.coin()) line.unplug()
    return cut(answer)
  }
  return {
    kind: 'ssh',
    address: link.address,
    run: (argv, options, signal) =>
      around(
        signal,
        () => link.run(argv, options, signal),
        (outcome) => ({ ...outcome, stdout: outcome.stdout.slice(0, Math.floor(outcome.stdout.length / 2)) }),
      ),
    readFile: (path, limit, signal) =>
      around(
        signal,
        () => link.readFile(path, limit, signal),
        (bytes) => line.cut(bytes),
      ),
    upload: (path, file, watch, signal) =>
      around(
        signal,
        () => link.upload(path, file, watch, signal),
        (outcome) => outcome,
      ),
    close: () => link.close(),
  }
}
