import { AppError, isAppError } from '../../../../shared/errors.ts'
import type { FileSource, SshLink, SshOutcome, UploadWatch } from '../../link/link.ts'
import { within } from '../../link/waiting.ts'
import { type ClientVersion, parseVersion } from './config.ts'
import { type Facts, parseFacts, printable } from './facts.ts'
import { aboutJob, type Job, judgeStart, lookCommand, parseLook, startCommand } from './job.ts'
import { readWork, type Work } from './pending.ts'
import { MAX_STORE } from './store.ts'

/** How the client of one type of device is called, and where it keeps things. */
export interface MenderPlace {
  readonly command: readonly string[]
  readonly config: readonly string[]
  readonly data: string
  /** For uploads. */
  readonly folder: string
}

const NOT_FOUND = 127
const MAX_TEXT = 64 * 1024

/** A file that is not there, told apart from one that cannot be looked for. */
const MISSING = `[ ! -e "$1" ] && [ -x "\${1%/*}" ]`

const ARTIFACT_INFO = '/etc/mender/artifact_info'
const SCRIPTS = '/usr/share/mender'
const BOOT_ID = '/proc/sys/kernel/random/boot_id'

/** Requests to the Mender client of one device, over SSH. Each method throws `link.*` besides what it names. */
export class MenderClient {
  readonly #link: SshLink
  readonly #place: MenderPlace
  /** Longest wait for one answer, ms. */
  readonly #timeout: number

  constructor(link: SshLink, place: MenderPlace, timeout: number) {
    this.#link = link
    this.#place = place
    this.#timeout = timeout
  }

  /** Null: there is no such client. Throws `device.unexpected-answer`. */
  async version(signal: AbortSignal): Promise<ClientVersion | null> {
    const { code, stdout } = await this.#run([...this.#place.command, '--version'], signal)
    return code === NOT_FOUND ? null : parseVersion(stdout)
  }

  /** What the client says it has: name of the artifact and what that provides. Throws `reading.missing`. */
  async provides(signal: AbortSignal): Promise<Facts> {
    const provides = parseFacts(await this.#ask('show-provides', signal))
    if (provides.has('artifact_name')) return provides
    // Before the first installation the name is in a file of the root file system, and only this tells it.
    const name = await this.#ask('show-artifact', signal)
    return new Map([...provides, ['artifact_name', printable(name).trim()]])
  }

  /** Throws `device.bad-frame` or `device.refused` when the store cannot be read: then nobody knows. */
  async work(signal: AbortSignal): Promise<Work> {
    const path = `${this.#place.data}/mender-store`
    const store = await this.#file(path, MAX_STORE, signal)
    return store ? readWork(store) : { committed: null, pending: null, daemon: false }
  }

  async deviceType(signal: AbortSignal): Promise<string | null> {
    return parseFacts((await this.text(`${this.#place.data}/device_type`, signal)) ?? '').get('device_type') ?? null
  }

  /** What the running root file system was made from. */
  async artifactInfo(signal: AbortSignal): Promise<Facts> {
    return parseFacts((await this.text(ARTIFACT_INFO, signal)) ?? '')
  }

  /** The configuration files in the order in which they count, null for those that are not there. */
  async config(signal: AbortSignal): Promise<readonly (string | null)[]> {
    const documents: (string | null)[] = []
    for (const path of this.#place.config) documents.push(await this.text(path, signal))
    return documents
  }

  /** Runs one of the device's own scripts, which only tell. Throws `reading.missing`, `reading.unreadable`. */
  async script(kind: 'identity' | 'inventory', script: string, signal: AbortSignal): Promise<Facts> {
    const { code, stdout } = await this.#run([`${SCRIPTS}/${kind}/${script}`], signal)
    if (code === NOT_FOUND) throw new AppError('reading.missing', { detail: { script } })
    if (code !== 0) throw new AppError('reading.unreadable', { detail: { script, code } })
    return parseFacts(stdout)
  }

  /** A small text file; null: it is not there. Throws `device.refused`. */
  async text(path: string, signal: AbortSignal): Promise<string | null> {
    const bytes = await this.#file(path, MAX_TEXT, signal)
    return bytes && Buffer.from(bytes).toString('utf8')
  }

  /** Like no other for each start of the device. */
  async bootId(signal: AbortSignal): Promise<string> {
    return (await this.#run(['cat', BOOT_ID], signal)).stdout.trim()
  }

  upload(file: FileSource, watch: UploadWatch, signal: AbortSignal): Promise<unknown> {
    return this.#link.upload(this.#upload(file.sha256), file, watch, signal)
  }

  async removeUpload(sha256: string, signal: AbortSignal): Promise<void> {
    await this.#run(['rm', '-f', this.#upload(sha256)], signal)
  }

  /** Starts what goes on without us. Throws `device.busy`, `device.refused`. */
  async start(job: Pick<Job, 'what' | 'artifact' | 'sha256'>, signal: AbortSignal): Promise<void> {
    const { command } = this.#place
    const argv =
      job.what === 'install'
        ? [...command, 'install', '--reboot-exit-code', this.#upload(job.sha256)]
        : [...command, job.what]
    const { code, stderr } = await this.#run(startCommand(this.#jobFolder, argv), signal, Buffer.from(aboutJob(job)))
    judgeStart(code, printable(stderr))
  }

  /** What became of the last thing that was started. Throws `device.bad-frame`. */
  async job(signal: AbortSignal): Promise<Job | null> {
    const { code, stdout } = await this.#run(lookCommand(this.#jobFolder), signal)
    return parseLook(code, stdout)
  }

  /** Orders a restart. Its answer may be lost with the device: that is no error. Throws `device.refused`. */
  async reboot(argv: readonly string[], signal: AbortSignal): Promise<void> {
    const { code, stderr } = await this.#run(argv, signal)
    if (code !== 0 && code !== null) {
      throw new AppError('device.refused', { detail: { what: 'restart', code, said: printable(stderr).slice(0, 200) } })
    }
  }

  get #jobFolder(): string {
    return `${this.#place.data}/slipway`
  }

  #upload(sha256: string): string {
    return `${this.#place.folder}/slipway-${sha256.slice(0, 32)}.mender`
  }

  async #ask(question: 'show-artifact' | 'show-provides', signal: AbortSignal): Promise<string> {
    const { code, stdout } = await this.#run([...this.#place.command, question], signal)
    if (code !== 0) throw new AppError('reading.missing', { detail: { command: question, code } })
    return stdout
  }

  /** Null: it is not there. Throws `device.refused`. */
  async #file(path: string, limit: number, signal: AbortSignal): Promise<Uint8Array | null> {
    try {
      return await this.#bounded(signal, (wait) => this.#link.readFile(path, limit, wait))
    } catch (error) {
      if (!isAppError(error, 'device.refused')) throw error
      const { code } = await this.#run(['sh', '-c', MISSING, 'sh', path], signal)
      if (code === 0) return null
      throw error
    }
  }

  #run(argv: readonly string[], signal: AbortSignal, stdin?: Uint8Array): Promise<SshOutcome> {
    return this.#bounded(signal, (wait) => this.#link.run(argv, stdin ? { stdin } : {}, wait))
  }

  #bounded<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return within(this.#timeout, 'link.timeout', signal, work)
  }
}
