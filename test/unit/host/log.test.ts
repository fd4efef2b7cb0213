import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLog } from '../../../electron/host/log.ts'
import { RotatingFile } from '../../../electron/host/rotating-file.ts'
import { AppError } from '../../../shared/errors.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-log-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const lines = () =>
  readFileSync(join(folder, 'host.log'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describe('the log', () => {
  it('is lines of JSON for its owner alone', () => {
    const log = openLog({ folder })
    log.info('sync done', { bytes: 12 })
    log.warn('odd', { why: 'late' })
    log.close()
    expect(lines()).toMatchObject([
      { level: 'info', event: 'sync done', bytes: 12, pid: process.pid },
      { level: 'warn', event: 'odd', why: 'late' },
    ])
    expect(statSync(join(folder, 'host.log')).mode & 0o777).toBe(0o600)
  })

  it('gives an id under which the whole error is found, its causes too', () => {
    const log = openLog({ folder })
    const id = log.unexpected(new TypeError('outer', { cause: new Error('inner') }), 'runs.start')
    log.unexpected(new AppError('disk.full', { detail: { free: 0 } }), 'store')
    log.unexpected('a thrown text', 'somewhere')
    expect(id).toMatch(/^[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$/)
    const [first, second, third] = lines()
    expect(first).toMatchObject({ level: 'error', log: id, where: 'runs.start', err: { type: 'TypeError' } })
    expect(JSON.stringify(first)).toMatch(/outer.*inner/)
    expect(JSON.stringify(first)).toContain('log.test.ts')
    expect(second).toMatchObject({ code: 'disk.full' })
    expect(third).toMatchObject({ err: { message: 'a thrown text' } })
  })

  it('blots out secret fields, and secrets wherever they turn up', () => {
    const log = openLog({ folder })
    log.hide('s3cr3t-token')
    log.info('sign-in', { operator: 'anna', passphrase: 'correct horse', password: 'x1', token: 'y1' })
    log.unexpected(new Error('GET /?s3cr3t-token failed'), 's3cr3t-token')
    const text = readFileSync(join(folder, 'host.log'), 'utf8')
    expect(text).toContain('anna')
    for (const secret of ['correct horse', '"x1"', '"y1"', 's3cr3t-token']) expect(text).not.toContain(secret)
  })

  it('cannot be forged by line breaks in a fact', () => {
    const log = openLog({ folder })
    log.info('request', { path: '/\n{"level":"info","event":"forged"}' })
    expect(lines()).toHaveLength(1)
  })
})

describe('a rotating file', () => {
  it('keeps a few parts of limited size, the newest first', () => {
    const file = new RotatingFile(join(folder, 'x.log'), { maxBytes: 100, keep: 2 })
    for (let line = 0; line < 40; line += 1) file.write(`${String(line).padStart(19, '0')}\n`)
    file.close()
    expect(readdirSync(folder).sort()).toEqual(['x.log', 'x.log.1', 'x.log.2'])
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(100)
    expect(readFileSync(join(folder, 'x.log'), 'utf8')).toContain('39')
    expect(readFileSync(join(folder, 'x.log.1'), 'utf8')).toContain('34')
  })

  it('goes on where the last host stopped', () => {
    for (const text of ['one\n', 'two\n']) {
      const file = new RotatingFile(join(folder, 'x.log'), { maxBytes: 100, keep: 2 })
      file.write(text)
      file.close()
    }
    expect(readFileSync(join(folder, 'x.log'), 'utf8')).toBe('one\ntwo\n')
  })

  it('drops lines rather than the host when it cannot write, and takes up again', () => {
    const file = new RotatingFile(join(folder, 'gone', 'x.log'), { maxBytes: 100, keep: 2 })
    file.write('one\n')
    rmSync(join(folder, 'gone'), { recursive: true })
    file.close()
    // A file where the folder should be: as unwritable as a full disk, also for root.
    const blocker = new RotatingFile(join(folder, 'gone'), { maxBytes: 100, keep: 0 })
    blocker.write('here\n')
    blocker.close()
    expect(() => file.write('two\n')).not.toThrow()
    rmSync(join(folder, 'gone'))
    file.write('three\n')
    file.close()
    expect(readFileSync(join(folder, 'gone', 'x.log'), 'utf8')).toBe('three\n')
    expect(existsSync(join(folder, 'gone', 'x.log.1'))).toBe(false)
    chmodSync(folder, 0o700)
  })
})
