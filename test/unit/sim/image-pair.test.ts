import { expect, test } from 'vitest'
import { makeFirmware } from '../../../electron/sim/artifacts/demo.ts'
import { boot, flags, type ImagePair, imageInfo } from '../../../electron/sim/smp/image-pair.ts'

const old = makeFirmware({ type: 'acme-crane', version: '1.0.0', size: 2000 })
const next = makeFirmware({ type: 'acme-crane', version: '2.0.0', size: 2000 })
const pair = (change: Partial<ImagePair> = {}): ImagePair => ({
  primary: old,
  secondary: next,
  mark: 'none',
  trial: false,
  ...change,
})
const yes = () => true
const running = ({ primary }: ImagePair) => imageInfo(primary)?.version

// PROTOCOLS 1.9, "Swap decision", and "Flag mapping in list".
test('without a mark a start changes nothing', () => {
  expect(boot(pair(), yes)).toEqual(pair())
  expect(flags(pair())).toEqual([{ active: true, confirmed: true }, {}])
})

test('test: swapped in on trial, and back at the next start', () => {
  const marked = pair({ mark: 'test' })
  expect(flags(marked)).toEqual([{ active: true, confirmed: true }, { pending: true }])
  const trial = boot(marked, yes)
  expect([running(trial), trial.trial, trial.mark]).toEqual(['2.0.0', true, 'none'])
  expect(flags(trial)).toEqual([{ active: true }, { confirmed: true }])
  const back = boot(trial, yes)
  expect([running(back), back.trial]).toEqual(['1.0.0', false])
  expect(boot(back, yes)).toEqual(back)
})

test('confirmed in time: it stays', () => {
  const kept = boot({ ...boot(pair({ mark: 'test' }), yes), trial: false }, yes)
  expect([running(kept), kept.trial]).toEqual(['2.0.0', false])
})

test('permanent: swapped in for good', () => {
  const marked = pair({ mark: 'permanent' })
  expect(flags(marked)[1]).toEqual({ pending: true, permanent: true })
  const swapped = boot(marked, yes)
  expect([running(swapped), swapped.trial]).toEqual(['2.0.0', false])
  expect(running(boot(swapped, yes))).toBe('2.0.0')
})

test.each([
  ['damaged', { secondary: next.map((byte, at) => (at === 500 ? byte ^ 1 : byte)) }],
  ['half written', { secondary: next.subarray(0, 900) }],
  ['empty', { secondary: new Uint8Array() }],
])('an image that is %s is never started, and its mark is wiped', (_, change) => {
  const after = boot(pair({ mark: 'test', ...change }), yes)
  expect([running(after), after.mark, after.trial]).toEqual(['1.0.0', 'none', false])
})

test('an image that the boot loader rejects is not started', () => {
  expect(running(boot(pair({ mark: 'permanent' }), () => false))).toBe('1.0.0')
})
