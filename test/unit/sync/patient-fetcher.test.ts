import { expect, it } from 'vitest'
import { patientFetcher } from '../../../electron/host/sync/patient-fetcher.ts'
import { AppError, type ErrorCode } from '../../../shared/errors.ts'

const signal = new AbortController().signal

/** Fails with these codes, one a try, and then answers. */
function fetcher(...codes: ErrorCode[]) {
  const pauses: number[] = []
  let asked = 0
  const patient = patientFetcher(
    {
      open: () => Promise.reject(new AppError('sync.stalled')),
      bytes: () => {
        asked += 1
        const code = codes.shift()
        return code ? Promise.reject(new AppError(code)) : Promise.resolve(Buffer.from('it'))
      },
    },
    async (ms) => void pauses.push(ms),
  )
  const bytes = () => patient.bytes('http://x/', { maxBytes: 10, signal })
  return { bytes, patient, pauses, asked: () => asked }
}

it('asks again when a connection broke, a little later each time', async () => {
  const { bytes, pauses } = fetcher('sync.stalled', 'sync.stalled', 'sync.stalled')
  expect(Buffer.from((await bytes()) ?? []).toString()).toBe('it')
  expect(pauses).toEqual([250, 500, 1000])
})

it('gives up after four', async () => {
  const { bytes, asked } = fetcher(...Array.from({ length: 9 }, () => 'sync.stalled' as const))
  await expect(bytes()).rejects.toMatchObject({ code: 'sync.stalled' })
  expect(asked()).toBe(4)
})

it.each(['sync.unreachable', 'sync.http', 'cancelled', 'trust.too-large', 'sync.not-a-repository'] as const)(
  'does not ask again after %s',
  async (code) => {
    const { bytes, asked } = fetcher(code)
    await expect(bytes()).rejects.toMatchObject({ code })
    expect(asked()).toBe(1)
  },
)

it('leaves downloads to those who can go on in the middle', async () => {
  const { patient } = fetcher()
  await expect(patient.open('http://x/', { from: 0, etag: null, signal })).rejects.toMatchObject({
    code: 'sync.stalled',
  })
})

it('ends early when told', async () => {
  const stop = new AbortController()
  let asked = 0
  const patient = patientFetcher({
    open: () => Promise.reject(new AppError('internal')),
    bytes: (_, options) => {
      asked += 1
      if (options.signal.aborted) return Promise.reject(new AppError('cancelled'))
      stop.abort()
      return Promise.reject(new AppError('sync.stalled'))
    },
  })
  await expect(patient.bytes('http://x/', { maxBytes: 1, signal: stop.signal })).rejects.toMatchObject({
    code: 'cancelled',
  })
  expect(asked).toBe(2)
})
