import { expect, it } from 'vitest'
import { RENEW_SOON_MS, trustLasts, trustView } from '../../../electron/host/sync/trust-view.ts'
import { effectiveTime, NO_TIME } from '../../../electron/host/trust/effective-time.ts'
import type { Library } from '../../../electron/host/trust/library.ts'
import { DEFAULT_LIMITS } from '../../../electron/host/trust/limits.ts'
import { openStored } from '../../../electron/host/trust/stored-state.ts'
import { TrustView } from '../../../shared/contract/trust.ts'
import { AppError } from '../../../shared/errors.ts'
import { SlipwayRepository } from '../../fixtures/tuf/slipway-repository.ts'
import { storedStateOf } from '../../fixtures/tuf/stored.ts'

const NOW = Math.floor(Date.now() / 1000) * 1000
const END = NOW + 21 * 86_400_000
const library = openStored(storedStateOf(new SlipwayRepository({ now: NOW }), { syncedAt: NOW }), {
  limits: DEFAULT_LIMITS,
})
const TIME = effectiveTime(NO_TIME, { wall: NOW, boot: '', uptime: 0 })
const source = (current: () => Library | null) => ({ current, onChange: () => () => {} })
const good = source(() => library)
const corrupt = source(() => {
  throw new AppError('trust.cache-corrupt')
})

it.each([
  ['good', NOW, null],
  ['good', END - RENEW_SOON_MS - 1, null],
  ['renew-soon', END - RENEW_SOON_MS, 'trust.renew-soon'],
  ['renew-soon', END - 1, 'trust.renew-soon'],
  ['ended', END, 'trust.offline-too-long'],
])('is %s', (state, now, reason) => {
  const lasts = trustLasts(good, now)
  expect(lasts).toMatchObject({ state, until: END, limit: 'offline-limit' })
  expect(lasts.reason?.code ?? null).toBe(reason)
})

it('says how many days too many', () => {
  expect(trustLasts(good, END + 2.5 * 86_400_000).reason?.detail).toEqual({ days: 23, limit: 21, until: END })
})

it('tells no trust from damaged trust', () => {
  expect(
    trustLasts(
      source(() => null),
      NOW,
    ),
  ).toMatchObject({ state: 'none', until: null, reason: { code: 'trust.none' } })
  expect(trustLasts(corrupt, NOW)).toMatchObject({ state: 'none', reason: { code: 'trust.cache-corrupt' } })
})

it('fits the contract, whatever there is', () => {
  const pin = { url: 'https://depot.example', fingerprint: 'ab'.repeat(32) }
  for (const from of [good, corrupt, source(() => null)]) {
    expect(TrustView.parse(trustView(from, pin, TIME))).toMatchObject({ url: pin.url })
  }
  expect(trustView(good, pin, TIME).roles).toHaveLength(8)
})
