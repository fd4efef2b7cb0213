import type { TraceRow } from '../../../../shared/contract/traces.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { DeviceKey } from '../../../../shared/model/device.ts'
import { linkKindOf } from '../../link/address.ts'
import { TRACE_FORMAT, type TraceHeader } from '../../link/trace/format.ts'
import { TraceWriter } from '../../link/trace/writer.ts'
import type { Credential } from '../driver.ts'
import type { Candidate } from '../registry/candidates.ts'
import type { OpenTrace, TraceFiles } from './trace-files.ts'

/** What one recording may fill, bytes. Minutes of an upload over a fast link. */
const LIMIT = 32 * 1024 * 1024
/** What is read at once, bytes. */
const PART = 256 * 1024
/** The screen follows a recording at this pace, ms. */
const TELL_MS = 500

export interface TraceServiceOptions {
  readonly files: TraceFiles
  readonly now: () => number
  readonly monotonic: () => number
  /** Where a device is now, and by what it is known there; null: it is away. */
  readonly whereIs: (key: DeviceKey) => { readonly address: string; readonly candidate: Candidate } | null
  /** Who is at an address, where that is known. */
  readonly deviceAt: (address: string) => DeviceKey | null
  readonly credential: (address: string) => Promise<Credential | null>
  /** Puts the beginning of a recording on record. */
  readonly record: (address: string, by: string) => Promise<unknown>
}

interface Recording {
  readonly row: Omit<TraceRow, 'state' | 'bytes' | 'events' | 'endedAt'>
  readonly writer: TraceWriter
  readonly file: OpenTrace
  endedAt: number | null
}

/** Recordings of what goes over links, one an address at a time. What was recorded stays until somebody removes it. */
export class TraceService {
  readonly #options: TraceServiceOptions
  readonly #running = new Map<string, Recording>()
  readonly #listeners = new Set<() => void>()
  #earlier: TraceRow[]

  constructor(options: TraceServiceOptions) {
    this.#options = options
    this.#earlier = options.files.list().map(rowOfFile)
  }

  /** Who writes down what goes over the link at this address; null: nobody. */
  readonly writerAt = (address: string): TraceWriter | null => {
    const recording = this.#running.get(address)
    if (!recording) return null
    if (recording.writer.ended) this.#finish(recording)
    return recording.writer.ended ? null : recording.writer
  }

  list(): TraceRow[] {
    const running = [...this.#running.values()].map(rowOf)
    return [...running, ...this.#earlier].toSorted((a, b) => b.startedAt - a.startedAt)
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    // What is being written grows without anybody's telling.
    const timer = setInterval(() => this.#running.size > 0 && listener(), TELL_MS)
    return () => {
      clearInterval(timer)
      this.#listeners.delete(listener)
    }
  }

  /**
   * Throws `trace.recording` when that is recorded already, `device.gone`, `link.bad-address`, `trace.unwritable`, and
   * `rpc.bad-input` for neither or both.
   */
  async start(what: { device?: DeviceKey | undefined; address?: string | undefined }, by: string): Promise<TraceRow> {
    const { files, now, monotonic, credential, record } = this.#options
    const found = this.#meant(what)
    const { address } = found
    if (this.writerAt(address)) throw new AppError('trace.recording', { detail: { address } })
    const login = await credential(address)
    await record(address, by)
    const startedAt = now()
    const id = this.#newId(address, startedAt)
    const header: TraceHeader = {
      format: TRACE_FORMAT,
      address,
      kind: linkKindOf(address),
      driver: found.driver,
      device: found.device,
      startedAt: new Date(startedAt).toISOString(),
      profile: found.profile,
    }
    const file = files.create(id)
    const secrets = login ? [login.password] : []
    const writer = new TraceWriter({ header, write: (line) => file.write(line), now: monotonic, secrets, limit: LIMIT })
    const row = { id, address, device: found.device, driver: found.driver, startedAt, path: file.path }
    const recording: Recording = { row, writer, file, endedAt: null }
    this.#running.set(address, recording)
    this.#tell()
    return rowOf(recording)
  }

  /** Throws `trace.unknown`. One that has ended already stays as it ended. */
  stop(id: string): TraceRow {
    const running = [...this.#running.values()].find(({ row }) => row.id === id)
    if (running) {
      running.writer.end('stopped')
      this.#finish(running)
    }
    return this.#known(id)
  }

  /** Throws `trace.unknown`. */
  read(id: string, offset: number): { readonly bytes: string; readonly next: number; readonly length: number } {
    this.#known(id)
    const { bytes, length } = this.#options.files.read(id, offset, PART)
    return { bytes: Buffer.from(bytes).toString('base64'), next: offset + bytes.length, length }
  }

  /** Throws `trace.unknown`, `trace.recording`. */
  remove(id: string): void {
    const { state, address } = this.#known(id)
    if (state === 'recording') throw new AppError('trace.recording', { detail: { address } })
    this.#options.files.remove(id)
    this.#earlier = this.#earlier.filter((row) => row.id !== id)
    this.#tell()
  }

  close(): void {
    for (const recording of this.#running.values()) {
      recording.writer.end('closed')
      this.#finish(recording)
    }
  }

  #meant(what: { device?: DeviceKey | undefined; address?: string | undefined }) {
    const { whereIs, deviceAt } = this.#options
    if ((what.device === undefined) === (what.address === undefined)) throw new AppError('rpc.bad-input')
    const device = what.device ?? deviceAt(what.address ?? '')
    const found = device === null ? null : whereIs(device)
    const address = what.address ?? found?.address
    if (address === undefined) throw new AppError('device.gone', { detail: { device } })
    const { binding, profile } = found?.candidate ?? { binding: null, profile: null }
    return { address, device, driver: binding?.driver ?? null, profile }
  }

  #known(id: string): TraceRow {
    const row = this.list().find((one) => one.id === id)
    if (!row) throw new AppError('trace.unknown', { detail: { trace: id } })
    return row
  }

  #finish(recording: Recording): void {
    if (recording.endedAt !== null) return
    recording.endedAt = this.#options.now()
    recording.file.close()
    this.#running.delete(recording.row.address)
    this.#earlier = [...this.#earlier, rowOf(recording)]
    this.#tell()
  }

  /** `20261120-174500-serial-dev-ttyusb0`, and a number where that is taken. */
  #newId(address: string, at: number): string {
    const time = new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')
    const place = address
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .slice(0, 60)
      .replace(/-$/, '')
    const taken = new Set(this.list().map((row) => row.id))
    for (let more = 1; ; more += 1) {
      const id = more === 1 ? `${time}-${place}` : `${time}-${place}-${more}`
      if (!taken.has(id)) return id
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

function rowOf({ row, writer, endedAt }: Recording): TraceRow {
  return { ...row, endedAt, state: writer.ended ?? 'recording', bytes: writer.bytes, events: writer.events }
}

function rowOfFile({ id, path, bytes, header, end }: ReturnType<TraceFiles['list']>[number]): TraceRow {
  const { address, device, driver } = header
  const startedAt = Date.parse(header.startedAt)
  const endedAt = end && startedAt + end.at
  return {
    id,
    address,
    device,
    driver,
    startedAt,
    endedAt,
    state: end?.why ?? 'cut',
    bytes,
    events: end?.events ?? null,
    path,
  }
}
