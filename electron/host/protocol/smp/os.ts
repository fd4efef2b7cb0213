import { isAppError } from '../../../../shared/errors.ts'
import { isMap, own, text, wholeNumber, wrongField } from './body.ts'
import { ORDINARY, type Patience, type SmpClient } from './client.ts'
import { GROUP } from './packet.ts'
import { isNotSupported, refusalError, refusalIn } from './refusal.ts'

const ID = { echo: 0, reset: 5, params: 6, info: 7, bootloader: 8 } as const

/** What the device's buffers hold. Null where it would not say. */
export interface SmpParams {
  readonly bufSize: number | null
  readonly bufCount: number
}

/** Buffer size and count (OS group, 6). A device without the command gets the cautious defaults. */
export async function readParams(client: SmpClient, patience: Patience, signal: AbortSignal): Promise<SmpParams> {
  const request = { op: 'read', group: GROUP.os, id: ID.params } as const
  const body = await client.exchange(request, patience, signal)
  const refusal = refusalIn(body)
  if (refusal && isNotSupported(refusal)) return { bufSize: null, bufCount: 1 }
  if (refusal) throw refusalError(refusal, request)
  const [bufSize, bufCount] = [wholeNumber(body, 'buf_size'), wholeNumber(body, 'buf_count')]
  return { bufSize: bufSize !== null && bufSize > 0 ? bufSize : null, bufCount: Math.max(1, bufCount ?? 1) }
}

/**
 * Goes over to version 2, whose refusals are exact, if the device answers in it. Asked once and
 * briefly: MCUboot before 2.0.0 drops such a request without a word.
 */
export async function raiseVersion(client: SmpClient, timeout: number, signal: AbortSignal): Promise<void> {
  client.version = 2
  try {
    await client.exchange({ op: 'read', group: GROUP.os, id: ID.params }, { timeout, tries: 1 }, signal)
  } catch (error) {
    client.version = 1
    if (signal.aborted || !isAppError(error)) throw error
    if (error.code !== 'device.no-answer' && error.code !== 'device.bad-frame') throw error
  }
}

export async function echo(client: SmpClient, d: string, patience: Patience, signal: AbortSignal): Promise<string> {
  const body = await client.ask({ op: 'write', group: GROUP.os, id: ID.echo, body: { d } }, patience, signal)
  return text(body, 'r') ?? ''
}

/**
 * Orders a restart. Sent exactly once: a second order could reach the device when it is already running
 * a trial image, and would undo it. Throws `device.no-answer` when nobody knows whether it was taken.
 */
export async function reset(client: SmpClient, timeout: number, signal: AbortSignal): Promise<void> {
  await client.ask({ op: 'write', group: GROUP.os, id: ID.reset }, { timeout, tries: 1 }, signal)
}

/** `boot_mode` of the restart: the boot loader stays and waits for an image (Zephyr 4.2, an option of the firmware). */
export async function resetIntoRecovery(client: SmpClient, timeout: number, signal: AbortSignal): Promise<void> {
  const request = { op: 'write', group: GROUP.os, id: ID.reset, body: { boot_mode: 1 } } as const
  await client.ask(request, { timeout, tries: 1 }, signal)
}

/** Application info (OS group, 7), `format` as Zephyr has it: `s` kernel name, `v` version, `n` node name, `a` all. */
export async function readInfo(
  client: SmpClient,
  format: string,
  patience: Patience,
  signal: AbortSignal,
): Promise<string> {
  const body = await client.ask({ op: 'read', group: GROUP.os, id: ID.info, body: { format } }, patience, signal)
  return text(body, 'output') ?? ''
}

/** Name of the boot loader, and its MCUboot mode number where it has one (PROTOCOLS 1.3). */
export interface Bootloader {
  readonly name: string
  readonly mode: number | null
}

export async function readBootloader(client: SmpClient, signal: AbortSignal): Promise<Bootloader> {
  const request = { op: 'read', group: GROUP.os, id: ID.bootloader } as const
  const name = text(await client.ask(request, ORDINARY, signal), 'bootloader') ?? ''
  if (name !== 'MCUboot') return { name, mode: null }
  const body = await client.exchange({ ...request, body: { query: 'mode' } }, ORDINARY, signal)
  return { name, mode: refusalIn(body) ? null : wholeNumber(body, 'mode') }
}

const STAT = { read: 0, list: 1 } as const

/** All fields of a statistics group. Throws `device.refused` (`no-entry`) for a group the device has not. */
export async function readStat(
  client: SmpClient,
  group: string,
  patience: Patience,
  signal: AbortSignal,
): Promise<Readonly<Record<string, number>>> {
  const request = { op: 'read', group: GROUP.stat, id: STAT.read, body: { name: group } } as const
  const fields = own(await client.ask(request, patience, signal), 'fields')
  if (!isMap(fields)) throw wrongField('fields')
  const numbers: Record<string, number> = Object.create(null) as Record<string, number>
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'number') numbers[name] = value
  }
  return numbers
}

export interface ShellResult {
  readonly output: string
  /** 0 is success, as the command itself says. */
  readonly code: number
}

/** Runs one shell command. Old servers put the command's result where others put an SMP error. */
export async function runShell(
  client: SmpClient,
  argv: readonly string[],
  patience: Patience,
  signal: AbortSignal,
): Promise<ShellResult> {
  const request = { op: 'write', group: GROUP.shell, id: 0, body: { argv: [...argv] } } as const
  const body = await client.exchange(request, patience, signal)
  const output = text(body, 'o')
  const refusal = refusalIn(body)
  if (refusal && (output === null || refusal.group !== null)) throw refusalError(refusal, request)
  return { output: output ?? '', code: wholeNumber(body, 'ret') ?? refusal?.rc ?? 0 }
}
