import { expect, test } from 'vitest'
import { cli } from '../../fixtures/fake-host/cli-harness.ts'
import { EXAMINATION } from '../../fixtures/scripted-host/finding-data.ts'

test('slipway doctor ADDRESS: what is wrong first, what was seen, what to do, and the rule', async () => {
  const hostile = { code: 'other-talk', level: 'fault', detail: { said: 'a\u001b]0;b\u0007' } } as const
  const answers = { 'doctor.examine': () => ({ ...EXAMINATION, findings: [...EXAMINATION.findings, hostile] }) }
  const told = await cli(['doctor', 'serial:/dev/ttyUSB3'], { answers })
  expect(told.code).toBe(0)
  expect(told.calls).toContainEqual(['doctor.examine', { address: 'serial:/dev/ttyUSB3' }])
  expect(told.out).toContain('[keeps it away] The program picocom (process 4711) has /dev/ttyUSB3 open.')
  expect(told.out).toContain('  Close it.')
  expect(told.out).toContain('70-slipway-0403-6001.rules')
  expect(told.out).not.toContain('\u001b')
  expect(told.out.indexOf('picocom')).toBeLessThan(told.out.indexOf('ModemManager'))
})

test('slipway doctor: the whole laptop, as JSON', async () => {
  const told = await cli(['--json', 'doctor'], { answers: { 'doctor.examine': () => EXAMINATION } })
  expect(told.calls).toContainEqual(['doctor.examine', {}])
  expect(JSON.parse(told.out)).toEqual(EXAMINATION)
})
