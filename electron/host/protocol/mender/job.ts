import { AppError } from '../../../../shared/errors.ts'
import { type Facts, formatFacts, parseFacts } from './facts.ts'

/**
 * A command of the client that goes on when the connection that started it is cut: a client that loses its standard
 * error in the middle of an installation is ended by the system. It runs in a folder of its own on the device, where
 * what it says and how it ended outlive the console, the link and the device's restart.
 */
export interface Job {
  readonly what: 'install' | 'commit' | 'rollback'
  readonly artifact: string
  /** SHA-256 of the artifact, hex. */
  readonly sha256: string
  /** `gone`: it ended without a word of how, with the device or by force. */
  readonly state: 'running' | 'ended' | 'gone'
  readonly code: number | null
  /** The device has restarted since it began. */
  readonly restarted: boolean
  /** The end of what the client has said so far on its standard error. */
  readonly log: string
}

/** The line behind which the client's own words begin. */
const LOG = 'log='
const MAX_LOG = 64 * 1024
const NONE = 44
const RUNNING = 45

/** Arguments: the folder, and the command. Standard input: what the job is, as `name=value` lines. */
const START = `
umask 077
mkdir -p "$1" && cd "$1" || exit 1
now=$(cat /proc/sys/kernel/random/boot_id) || exit 1
if [ -f pid ] && [ ! -f code ] && [ "$(cat boot)" = "$now" ] && kill -0 "$(cat pid)" 2>/dev/null; then exit ${RUNNING}; fi
shift
rm -f code pid out err && cat >about && echo "$now" >boot || exit 1
(
  trap '' HUP
  "$@" </dev/null >out 2>err
  echo $? >code.part
  mv code.part code
) </dev/null >/dev/null 2>&1 &
echo $! >pid
`

/** Arguments: the folder, most bytes of the log. Whether it lives is asked before how it ended: it may end in between. */
const LOOK = `
cd "$1" 2>/dev/null && [ -f about ] || exit ${NONE}
now=$(cat /proc/sys/kernel/random/boot_id) || exit 1
[ "$(cat boot)" = "$now" ] && kill -0 "$(cat pid)" 2>/dev/null && echo alive=yes
[ "$(cat boot)" = "$now" ] || echo restarted=yes
[ -f code ] && echo "code=$(cat code)"
cat about
echo ${LOG}
tail -c "$2" err 2>/dev/null
exit 0
`

export function startCommand(folder: string, argv: readonly string[]): readonly string[] {
  return ['sh', '-c', START, 'sh', folder, ...argv]
}

export function lookCommand(folder: string): readonly string[] {
  return ['sh', '-c', LOOK, 'sh', folder, String(MAX_LOG)]
}

export function aboutJob(job: Pick<Job, 'what' | 'artifact' | 'sha256'>): string {
  return formatFacts([
    ['what', job.what],
    ['artifact', job.artifact],
    ['sha256', job.sha256],
  ])
}

/** Whether a job was started. Throws `device.busy` when another one goes on, `device.refused`. */
export function judgeStart(code: number | null, stderr: string): void {
  if (code === 0) return
  if (code === RUNNING) throw new AppError('device.busy', { detail: { reason: 'installing' } })
  throw new AppError('device.refused', { detail: { what: 'command', said: stderr.trim().slice(0, 200) } })
}

/** What became of the last job; null: there was none. Throws `device.bad-frame`. */
export function parseLook(code: number | null, stdout: string): Job | null {
  if (code === NONE) return null
  const end = stdout.indexOf(`\n${LOG}\n`)
  const facts = parseFacts(end === -1 ? stdout : stdout.slice(0, end))
  const what = facts.get('what')
  if (code !== 0 || (what !== 'install' && what !== 'commit' && what !== 'rollback')) {
    throw new AppError('device.bad-frame', { detail: { what: 'job' } })
  }
  const exit = exitOf(facts)
  return {
    what,
    artifact: facts.get('artifact') ?? '',
    sha256: facts.get('sha256') ?? '',
    state: exit !== null ? 'ended' : facts.get('alive') === 'yes' ? 'running' : 'gone',
    code: exit,
    restarted: facts.get('restarted') === 'yes',
    log: end === -1 ? '' : stdout.slice(end + LOG.length + 2),
  }
}

function exitOf(facts: Facts): number | null {
  const text = facts.get('code') ?? ''
  return /^\d{1,3}$/.test(text) ? Number(text) : null
}
