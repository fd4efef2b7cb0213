import { describe, expect, it } from 'vitest'
import { kebab } from '../../../electron/cli/fields.ts'
import { allMethods } from '../../../electron/cli/session.ts'
import { contract } from '../../../shared/contract/index.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Live } from '../../../shared/rpc/define.ts'
import { cli } from '../../fixtures/fake-host/cli-harness.ts'
import { PASSPHRASE } from '../../fixtures/fake-host/compose-fake.ts'
import { sample } from '../../fixtures/fake-host/sample.ts'

const session = sample(contract.people.signIn.output)
const live = <T>(...values: T[]): Live<T> => {
  let next = 0
  return {
    read: () => values[Math.min(next++, values.length - 1)] as T,
    onChange: (listener) => {
      const timer = setInterval(listener, 5)
      return () => clearInterval(timer)
    },
  }
}

describe('a twin of every method', () => {
  it.each(allMethods().map(({ method, namespace, name, verb }) => [method, namespace, name, verb] as const))(
    '%s',
    async (method, namespace, name, verb) => {
      const input = sample(verb.input)
      const output = sample(verb.output)
      const answer = () => (verb.verb === 'call' ? output : live(output))
      const args = [namespace, kebab(name), ...(input === null ? [] : ['--input', JSON.stringify(input)])]
      const answers = {
        [method]: answer,
        'app.state': () => live({ ...(sample(contract.app.state.output) as object) }),
      }

      const json = await cli(['--json', ...args], { answers })
      expect({ code: json.code, err: json.err }).toEqual({ code: 0, err: '' })
      expect(json.calls).toContainEqual([method, input])
      expect(JSON.parse(json.out)).toEqual(JSON.parse(JSON.stringify(output)))

      const text = await cli(args, { answers })
      expect(text.code).toBe(0)
      expect(text.out).not.toBe('')
      expect(text.out).not.toMatch(/undefined|\[object|NaN/)
    },
  )
})

describe('flags, places and JSON', () => {
  const starting = { 'runs.start': () => ({ run: 'run-1' }) }

  it('give the same input', async () => {
    const input = { plan: 'crane-2.5.0', device: 'acme-crane:A1' }
    for (const args of [
      ['runs', 'start', input.plan, input.device],
      ['runs', 'start', '--plan', input.plan, '--device', input.device],
      ['runs', 'start', '--input', JSON.stringify(input)],
      ['runs', 'start', '--input', '-'],
      ['runs', 'start', '--input', '@start.json'],
      ['runs', 'start', '--device', input.device, '--input', JSON.stringify({ ...input, device: 'other:1' })],
    ]) {
      const text = JSON.stringify(input)
      const { calls } = await cli(args, { answers: starting, input: text, files: { 'start.json': text } })
      expect(calls).toEqual([['runs.start', input]])
    }
  })

  it('are checked before a host is started', async () => {
    for (const args of [
      ['runs', 'start', 'only-a-plan'],
      ['audit', 'list', '--limit', 'many'],
      ['settings', 'set', '--palette', 'pink'],
      ['runs', 'start', '--input', '{'],
      ['runs', 'start', '--nonsense'],
      ['nonsense'],
      ['runs', 'nonsense', '--x'],
    ]) {
      const result = await cli(args)
      expect({ args, code: result.code, opened: result.opened }).toEqual({ args, code: 2, opened: null })
      expect(result.err).not.toBe('')
    }
  })

  it('reach the host options wherever they stand', async () => {
    for (const args of [
      ['--json', '--data-dir', '/d', 'app', 'info'],
      ['app', 'info', '--data-dir', '/d', '--json'],
    ]) {
      const { opened, out } = await cli(args)
      expect(opened).toMatchObject({ dataDir: '/d', json: true, start: true })
      expect(JSON.parse(out)).toMatchObject({ dataDir: '/data' })
    }
    expect((await cli(['app', 'info', '--no-start', '--demo'])).opened).toMatchObject({ start: false, demo: true })
  })
})

describe('secrets', () => {
  const answers = { 'people.signIn': () => session, 'people.enrol': () => sample(contract.people.enrol.output) }

  it('are asked for, or read from a file or the input, and never taken from the command line', async () => {
    const expected = [['people.signIn', { operator: 'anna', passphrase: PASSPHRASE }]]
    const asked = await cli(['people', 'sign-in', 'anna'], { answers, secrets: [PASSPHRASE] })
    expect(asked).toMatchObject({ code: 0, calls: expected, asked: ['Passphrase: '] })
    const file = await cli(['people', 'sign-in', 'anna', '--passphrase-file', 'secret.txt'], {
      answers,
      files: { 'secret.txt': `${PASSPHRASE}\n` },
    })
    expect(file).toMatchObject({ calls: expected, asked: [] })
    const piped = await cli(['people', 'sign-in', 'anna', '--passphrase-file', '-'], {
      answers,
      input: `${PASSPHRASE}\r\n`,
    })
    expect(piped).toMatchObject({ calls: expected, asked: [] })
    expect(await cli(['people', 'sign-in', 'anna', '--passphrase', PASSPHRASE], { answers })).toMatchObject({ code: 2 })
  })

  it('that are new are asked for twice', async () => {
    const result = await cli(['people', 'enrol', 'Anna Berg'], {
      answers,
      terminal: true,
      secrets: ['correct horse', 'correct house', 'correct horse'],
    })
    expect(result.asked).toEqual(['Passphrase: ', 'Passphrase again: ', 'Passphrase again: '])
    expect(result.calls).toEqual([['people.enrol', { name: 'Anna Berg', passphrase: 'correct horse' }]])
  })

  it('of a second person are asked for only when there is one', async () => {
    const starting = { 'runs.start': () => ({ run: 'run-1' }) }
    expect((await cli(['runs', 'start', 'p', 'd:1'], { answers: starting })).asked).toEqual([])
    const both = await cli(['runs', 'start', 'p', 'd:1', '--second-operator', 'berta'], {
      answers: starting,
      secrets: ['second secret'],
    })
    expect(both.asked).toEqual(['Second passphrase: '])
    expect(both.calls).toEqual([
      ['runs.start', { plan: 'p', device: 'd:1', second: { operator: 'berta', passphrase: 'second secret' } }],
    ])
  })
})

describe('errors', () => {
  it('are sentences for people, data for scripts, and an exit code for both', async () => {
    const answers = {
      'runs.start': () => {
        throw new AppError('plan.expired', { detail: { plan: 'crane-2.5.0', expired: 0 } })
      },
    }
    const text = await cli(['runs', 'start', 'crane-2.5.0', 'acme:A1'], { answers })
    expect(text).toMatchObject({ code: 4, out: '' })
    expect(text.err).toContain('(E-PLAN-EXPIRED)')
    expect(text.err.split('\n')[0]).not.toContain('plan.expired')
    const json = await cli(['runs', 'start', 'crane-2.5.0', 'acme:A1', '--json'], { answers })
    expect(JSON.parse(json.err)).toMatchObject({ error: { code: 'plan.expired', retry: 'after-fix' } })
  })

  it('say when there is no host', async () => {
    const world = { openHost: () => Promise.reject(new AppError('host.unavailable')) }
    expect(await cli(['status'], { world })).toMatchObject({ code: 9, out: '' })
  })
})

describe('watching', () => {
  const values = [{ a: 1 }, { a: 2 }, { a: 3 }]

  it('gives the present value and ends', async () => {
    const { out, code } = await cli(['--json', 'alerts', 'list'], { answers: { 'alerts.list': () => live([], []) } })
    expect({ out, code }).toEqual({ out: '[]', code: 0 })
  })

  it('goes on until Ctrl-C with --watch', async () => {
    const stop = new AbortController()
    const base = sample(contract.settings.get.output) as object
    const answers = {
      'settings.get': () => live(...values.map(({ a }) => ({ ...base, signOutAfterMinutes: a }))),
    }
    setTimeout(() => stop.abort(), 500)
    const { out, code } = await cli(['--json', 'settings', 'get', '--watch'], { answers, signal: stop.signal })
    const seen = out
      .split('\n')
      .map((line) => (JSON.parse(line) as { signOutAfterMinutes: number }).signOutAfterMinutes)
    expect({ seen, code }).toEqual({ seen: [1, 2, 3], code: 130 })
  })
})

describe('friendly commands', () => {
  const run = sample(contract.runs.one.output) as Record<string, unknown>
  const view = (phase: string, more: object = {}) => ({
    ...run,
    id: 'run-1',
    phase,
    question: null,
    result: null,
    needsPerson: false,
    progress: null,
    ...more,
  })
  const hold = { kind: 'hold', id: 'q-7', at: 'before-restart', choices: ['go'] }

  it('status shows how the console stands', async () => {
    const { out, code } = await cli(['status'])
    expect(code).toBe(0)
    expect(out).toMatch(/^Slipway .*\n[\s\S]*\nTrust {2}/m)
    expect(JSON.parse((await cli(['status', '--json'])).out)).toHaveProperty('state.trust')
  })

  it.each([
    ['succeeded', 0],
    ['failed', 1],
    ['unknown', 7],
    ['rolled-back', 12],
  ])('run start follows to the end: %s is %i', async (phase, code) => {
    const answers = {
      'runs.start': () => ({ run: 'run-1' }),
      'runs.one': () => live(view('checking'), view('writing'), view(phase)),
    }
    const result = await cli(['run', 'start', 'p', 'd:1'], { answers })
    expect(result.code).toBe(code)
    expect(result.out).toMatch(/checking\nwriting\n/)
  })

  it('run start stops following when the run needs a person, and says how to answer', async () => {
    const asking = view('restarting', { question: hold, needsPerson: true })
    const answers = { 'runs.start': () => ({ run: 'run-1' }), 'runs.one': () => live(asking) }
    const { code, out } = await cli(['run', 'start', 'p', 'd:1'], { answers })
    expect(code).toBe(8)
    expect(out).toContain('slipway run answer run-1 <go>')
  })

  it('run answer answers the question that is asked now', async () => {
    const asking = view('restarting', { question: hold, needsPerson: true })
    const answers = { 'runs.one': () => live(asking), 'runs.answer': () => null }
    const { calls } = await cli(['run', 'answer', 'run-1', 'go', '--note', 'area is clear'], { answers })
    expect(calls.at(-1)).toEqual([
      'runs.answer',
      { run: 'run-1', question: 'q-7', choice: 'go', note: 'area is clear' },
    ])
    const idle = { 'runs.one': () => live(view('writing')) }
    expect(await cli(['run', 'answer', 'run-1', 'go'], { answers: idle })).toMatchObject({ code: 1 })
  })

  it('leaving a run says that it goes on', async () => {
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 100)
    const answers = { 'runs.one': () => live(view('writing')) }
    const { code, err } = await cli(['run', 'watch', 'run-1'], { answers, signal: stop.signal })
    expect(code).toBe(130)
    expect(err).toContain('The run goes on')
  })

  it('trust adopt without a fingerprint shows what would be trusted, and trusts nothing', async () => {
    const answers = { 'trust.preview': () => sample(contract.trust.preview.output), 'trust.adopt': () => null }
    const { code, calls, err } = await cli(['trust', 'adopt', 'https://depot.example'], { answers })
    expect({ code, calls }).toEqual({ code: 8, calls: [['trust.preview', { url: 'https://depot.example' }]] })
    expect(err).toContain('Nothing is trusted yet')
  })

  it('host runs in the foreground with the options of the program', async () => {
    const seen: (readonly string[])[] = []
    const world = {
      runHost: (args: readonly string[]) => {
        seen.push(args)
        return Promise.resolve(5)
      },
    }
    expect(await cli(['--data-dir', '/d', 'host', '--port', '80'], { world })).toMatchObject({ code: 5 })
    expect(seen).toEqual([['--data-dir', '/d', '--port', '80']])
  })

  it('nothing from a device can command the terminal', async () => {
    const device = {
      ...(sample(contract.devices.list.output) as object[])[0],
      name: 'crane\u001b[2J\u202e\r\nfake: all well',
    }
    const { out } = await cli(['devices'], { answers: { 'devices.list': () => live([device]) } })
    expect(out).toContain('crane[2J fake: all well')
    expect(out.split('\n')).toHaveLength(2)
  })

  it('depot is the publisher, with its own options and without a host', async () => {
    const help = await cli(['depot', '--help'])
    expect(help).toMatchObject({ code: 0, opened: null })
    expect(help.out).toContain('slipway depot [options]')
    const nowhere = ['depot', 'status', '--depot', '/nonexistent']
    expect(await cli(nowhere)).toMatchObject({ code: 1, opened: null })
    for (const args of [
      ['--json', ...nowhere],
      [...nowhere, '--json'],
    ]) {
      expect(await cli(args)).toMatchObject({ code: 1, out: '', opened: null })
    }
    expect(await cli(['depot', 'nonsense'])).toMatchObject({ code: 2 })
  })

  it('help and version are no errors', async () => {
    expect(await cli(['--version'])).toMatchObject({ code: 0, opened: null })
    const help = await cli(['--help'])
    expect(help).toMatchObject({ code: 0, opened: null })
    expect(help.out).toContain('the audit log')
    expect((await cli(['runs', 'start', '--help'])).out).toContain('--second-passphrase-file')
  })
})
