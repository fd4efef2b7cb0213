import { join } from 'node:path'
import pino from 'pino'
import { AppError, type ErrorDetail } from '../../shared/errors.ts'
import { spokenId } from './crypto/spoken-id.ts'
import { RotatingFile } from './rotating-file.ts'

const MAX_BYTES = 2_000_000
const KEEP = 3
/** Fields that never reach the disk, whoever puts them in. */
const SECRET_FIELDS = ['passphrase', 'password', 'token', 'old', 'next', 'secret', 'privateKey']

/** The host's own diary for support: what it did and what went wrong, and nothing secret. */
export interface HostLog {
  info(event: string, facts?: ErrorDetail): void
  warn(event: string, facts?: ErrorDetail): void
  /** Something nobody foresaw. The returned id is what a screen shows and support searches for. */
  unexpected(error: unknown, where: string): string
  /** Text that is blotted out wherever it turns up from now on, such as this start's token. */
  hide(secret: string): void
  close(): void
}

export interface LogOptions {
  /** Where `host.log` and its older parts are. */
  readonly folder: string
  readonly newId?: () => string
  readonly maxBytes?: number
}

export function openLog({ folder, newId = spokenId, maxBytes = MAX_BYTES }: LogOptions): HostLog {
  const file = new RotatingFile(join(folder, 'host.log'), { maxBytes, keep: KEEP })
  const secrets: string[] = []
  const blot = (line: string) => secrets.reduce((text, secret) => text.replaceAll(secret, '[hidden]'), line)
  const logger = pino(
    {
      base: { pid: process.pid },
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_FIELDS, censor: '[hidden]' },
    },
    { write: (line) => file.write(blot(line)) },
  )
  return {
    info: (event, facts = {}) => logger.info(facts, event),
    warn: (event, facts = {}) => logger.warn(facts, event),
    unexpected: (error, where) => {
      const log = newId()
      const code = error instanceof AppError ? { code: error.code } : {}
      logger.error(
        { log, where, ...code, err: error instanceof Error ? error : new Error(String(error)) },
        'unexpected',
      )
      return log
    },
    hide: (secret) => {
      secrets.push(secret)
    },
    close: () => file.close(),
  }
}
