import { expect, test } from 'vitest'
import { type Ask, leaseTrouble, mayAct, policyEntry } from '../../../electron/host/people/authority.ts'
import type { PolicyOperator } from '../../../shared/model/policy.ts'

const ada: PolicyOperator = {
  id: 'ada',
  name: 'Ada',
  publicKey: 'a'.repeat(64),
  roles: ['technician', 'support'],
  sites: ['harbour', 'pier'],
  deviceTypes: ['crane'],
  notAfter: '2027-01-01T00:00:00Z',
}
const end = Date.parse(ada.notAfter)
const ask: Ask = { roles: ['technician'], site: 'harbour', deviceType: 'crane' }

test.each<[string, Partial<PolicyOperator>, Partial<Ask>, number, string | null]>([
  ['all as it should be', {}, {}, end - 1, null],
  ['one of several roles', {}, { roles: ['supervisor', 'support'] }, end - 1, null],
  [
    'everywhere, everything',
    { sites: ['*'], deviceTypes: ['*'] },
    { site: 'far-away', deviceType: 'winch' },
    end - 1,
    null,
  ],
  ['everywhere, where no site is chosen', { sites: ['*'] }, { site: null }, end - 1, null],
  ['at the very end of the lease', {}, {}, end, 'people.lease-ended'],
  ['long after', {}, {}, end * 2, 'people.lease-ended'],
  ['a lease that cannot be read', { notAfter: 'whenever' }, {}, 0, 'people.lease-ended'],
  ['another role', {}, { roles: ['supervisor'] }, end - 1, 'people.role-missing'],
  ['no role asked for', {}, { roles: [] }, end - 1, 'people.role-missing'],
  ['another site', {}, { site: 'far-away' }, end - 1, 'people.site-not-allowed'],
  ['no site chosen', {}, { site: null }, end - 1, 'people.site-not-allowed'],
  ['a site called *', {}, { site: '*' }, end - 1, 'people.site-not-allowed'],
  ['another type', {}, { deviceType: 'winch' }, end - 1, 'people.type-not-allowed'],
])('%s', (_, operator, asked, now, code) => {
  expect(mayAct('ada', { ...ada, ...operator }, { ...ask, ...asked }, now)?.code ?? null).toBe(code)
})

test('who is not in the policy may nothing', () => {
  expect(mayAct('ada', null, ask, 0)).toMatchObject({ code: 'people.not-enrolled', detail: { operator: 'ada' } })
  expect(leaseTrouble('ada', null, 0)).toMatchObject({ code: 'people.not-enrolled' })
})

test('a name proves nothing: the policy’s key must be the one on this laptop', () => {
  const policy = { format: 'slipway.operators/1' as const, operators: [ada], consoles: [] }
  expect(policyEntry(policy, ada)).toBe(ada)
  expect(policyEntry(policy, { id: 'ada', publicKey: 'b'.repeat(64) })).toBeNull()
  expect(policyEntry(policy, { id: 'eve', publicKey: ada.publicKey })).toBeNull()
  expect(policyEntry(null, ada)).toBeNull()
})

test('refusals say what was asked and what is missing', () => {
  expect(mayAct('ada', ada, { ...ask, roles: ['supervisor', 'crew'] }, 0)?.detail).toEqual({
    operator: 'ada',
    needed: 'supervisor, crew',
  })
  expect(mayAct('ada', ada, ask, end)?.detail).toEqual({ operator: 'ada', until: end })
})
