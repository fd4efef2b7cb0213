import { describe, expect, it } from 'vitest'
import { buildInput } from '../../../electron/cli/field-input.ts'
import { type Field, fieldsOf, kebab } from '../../../electron/cli/fields.ts'
import { allMethods } from '../../../electron/cli/session.ts'
import { contract } from '../../../shared/contract/index.ts'

const shape = (fields: Field[]) =>
  Object.fromEntries(fields.map(({ flag, kind, required }) => [flag, required ? kind : `${kind}?`]))

describe('the flags of a method', () => {
  it('are those of its schema', () => {
    expect(shape(fieldsOf(contract.app.info.input))).toEqual({})
    expect(shape(fieldsOf(contract.trust.adopt.input))).toEqual({ url: 'text', fingerprint: 'text' })
    expect(shape(fieldsOf(contract.sync.start.input))).toEqual({
      budget: 'number?',
      hours: 'number?',
      until: 'text?',
      metered: 'boolean?',
    })
    expect(shape(fieldsOf(contract.sync.setOffline.input))).toEqual({ offline: 'boolean' })
    expect(shape(fieldsOf(contract.plans.dryRun.input))).toEqual({ plan: 'text', devices: 'list' })
    expect(shape(fieldsOf(contract.settings.set.input))).toEqual({
      palette: 'text?',
      size: 'text?',
      language: 'text?',
      'sign-out-after-minutes': 'number?',
      'sync-budget-bytes': 'number?',
      'sync-metered-bytes': 'number?',
      'sync-window-from': 'text?',
      'sync-window-to': 'text?',
    })
  })

  it('take apart what is one level deep, and never make a secret a flag', () => {
    expect(shape(fieldsOf(contract.runs.start.input))).toEqual({
      plan: 'text',
      device: 'text',
      'second-operator': 'text?',
      'second-passphrase': 'secret?',
    })
    expect(shape(fieldsOf(contract.people.signIn.input))).toEqual({ operator: 'text', passphrase: 'secret' })
    expect(shape(fieldsOf(contract.people.storeCredential.input))).toMatchObject({
      password: 'secret',
      'private-key': 'secret?',
    })
  })

  it('know the choices', () => {
    const [, , choice] = fieldsOf(contract.runs.answer.input)
    expect(choice?.choices).toContain('roll-back')
  })

  it('collide with no option of the program, in the whole contract', () => {
    const taken = ['json', 'data-dir', 'demo', 'no-start', 'start', 'input', 'watch', 'once', 'help', 'version']
    for (const { method, verb } of allMethods()) {
      const flags = fieldsOf(verb.input).map(({ flag }) => flag)
      expect({
        method,
        twice: flags.length - new Set(flags).size,
        taken: flags.filter((flag) => taken.includes(flag)),
      }).toEqual({ method, twice: 0, taken: [] })
    }
  })

  it('are written in the way of a command line', () => {
    expect(kebab('signOutAfterMinutes')).toBe('sign-out-after-minutes')
  })
})

describe('an input from flags', () => {
  const build = (
    verb: { input: Parameters<typeof fieldsOf>[0] },
    given: Record<string, string | string[]>,
    base?: unknown,
  ) => buildInput('x.y', verb.input, fieldsOf(verb.input), ({ flag }) => given[flag], base)

  it('has the types of the schema', () => {
    expect(build(contract.sync.setOffline, { offline: 'yes' })).toEqual({ offline: true })
    expect(build(contract.sync.setOffline, { offline: 'off' })).toEqual({ offline: false })
    expect(build(contract.audit.list, { limit: '20', before: '7' })).toEqual({ limit: 20, before: 7 })
    expect(build(contract.plans.dryRun, { plan: 'p', devices: ['acme:A1', 'acme:A2'] })).toEqual({
      plan: 'p',
      devices: ['acme:A1', 'acme:A2'],
    })
    expect(build(contract.settings.set, { 'sync-budget-bytes': 'none' })).toEqual({ syncBudgetBytes: null })
    expect(build(contract.app.info, {})).toBeNull()
  })

  it('puts a nested value where it belongs, over the base', () => {
    const base = { plan: 'p', device: 'acme:A1', second: { operator: 'old', passphrase: 'x' } }
    expect(build(contract.runs.start, { 'second-operator': 'berta' }, base)).toEqual({
      plan: 'p',
      device: 'acme:A1',
      second: { operator: 'berta', passphrase: 'x' },
    })
    expect(base.second.operator).toBe('old')
  })

  it.each([
    ['a number that is none', contract.audit.list, { limit: 'many' }, 'limit'],
    ['an empty number', contract.audit.list, { limit: ' ' }, 'limit'],
    ['a number out of range', contract.audit.list, { limit: '501' }, 'limit'],
    ['neither yes nor no', contract.sync.setOffline, { offline: 'maybe' }, 'offline'],
    ['a missing field', contract.trust.adopt, { url: 'https://depot.example' }, 'fingerprint'],
    ['an unknown choice', contract.settings.set, { palette: 'pink' }, 'palette'],
  ])('names the place of %s', (_, verb, given, at) => {
    const attempt = () => build(verb, given)
    expect(attempt).toThrow(expect.objectContaining({ code: 'rpc.bad-input', detail: expect.objectContaining({ at }) }))
  })

  it('cannot be polluted by the base', () => {
    const base: unknown = JSON.parse(
      '{"plan":"p","device":"d:1","__proto__":{"admin":true},"second":{"__proto__":{"x":1}}}',
    )
    const attempt = () => build(contract.runs.start, { 'second-operator': 'b' }, base)
    expect(attempt).toThrow(/rpc\.bad-input/)
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })
})
