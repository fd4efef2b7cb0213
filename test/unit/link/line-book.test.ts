import { expect, test } from 'vitest'
import { LineBook, noteFrames } from '../../../electron/host/link/line-book.ts'
import type { ByteLink, ControlLink, LinkOpener } from '../../../electron/host/link/link.ts'
import { memoryBytePair } from '../../../electron/host/link/memory.ts'
import { AppError } from '../../../shared/errors.ts'

const never = new AbortController().signal
const text = (words: string) => new TextEncoder().encode(words)

function serial(change = (link: ByteLink): ByteLink => link): {
  book: LineBook
  opener: LinkOpener
  far: () => ByteLink
} {
  const book = new LineBook()
  let far: ByteLink | undefined
  const opener = book.counted({
    scheme: 'sim',
    open: async (address) => {
      const [near, other] = memoryBytePair(address)
      far = other
      return change(near)
    },
  })
  return {
    book,
    opener,
    far: () => {
      if (!far) throw new Error('not open')
      return far
    },
  }
}

test('bytes are counted both ways, and the newest are kept since the line was opened', async () => {
  const { book, opener, far } = serial()
  const link = (await opener.open('sim:a', { baud: 9600 }, never)) as ByteLink
  await link.write(text('hello'), never)
  await far().write(text('x'.repeat(600)), never)
  await link.read(never)
  expect(book.of('sim:a')).toMatchObject({ opened: 1, bytesOut: 5, bytesIn: 600, baud: 9600, lost: 0 })
  expect(book.of('sim:a')?.sample).toHaveLength(512)
  noteFrames(link, 3, 1)
  expect(book.of('sim:a')).toMatchObject({ framesGood: 3, framesBad: 1 })
  await opener.open('sim:a', {}, never)
  expect(book.of('sim:a')).toMatchObject({ opened: 2, bytesIn: 600, sample: new Uint8Array() })
  expect(book.of('sim:b')).toBeNull()
})

test('a line that can change its speed still can, and its speed is known', async () => {
  const { book, opener, far } = serial((link) => ({ ...link, setBaud: async () => {} }))
  const link = (await opener.open('sim:a', { baud: 115_200 }, never)) as ByteLink
  await link.setBaud?.(921_600, never)
  expect(book.of('sim:a')?.baud).toBe(921_600)
  const plain = (await serial().opener.open('sim:b', {}, never)) as ByteLink
  expect([plain.setBaud, far().kind]).toEqual([undefined, 'memory'])
})

test('a link that breaks off is counted once; one that is closed is not', async () => {
  const { book, opener, far } = serial()
  const link = (await opener.open('sim:a', {}, never)) as ByteLink
  await far().close()
  for (let time = 0; time < 3; time += 1) {
    await expect(link.read(never)).rejects.toMatchObject({ code: 'link.lost' })
  }
  expect(book.of('sim:a')?.lost).toBe(1)
  const other = (await opener.open('sim:a', {}, never)) as ByteLink
  await other.close()
  await expect(other.read(never)).rejects.toMatchObject({ code: 'link.lost' })
  expect(book.of('sim:a')?.lost).toBe(1)
})

test('refusals and silence of USB requests are counted', async () => {
  const book = new LineBook()
  const errors = [
    new AppError('device.refused', { detail: { reason: 'stall' } }),
    new AppError('link.timeout'),
    new AppError('link.lost'),
  ]
  const control = {
    kind: 'usb',
    address: 'usb:1-1',
    in: () => Promise.reject(errors.shift()),
  } as unknown as ControlLink
  const opener = book.counted({ scheme: 'usb', open: async () => control })
  const link = (await opener.open('usb:1-1', {}, never)) as ControlLink
  const setup = { type: 'class', recipient: 'interface', request: 3, value: 0, index: 0 } as const
  for (let time = 0; time < 3; time += 1) await expect(link.in(setup, 6, 10, never)).rejects.toBeInstanceOf(AppError)
  expect(book.of('usb:1-1')).toMatchObject({ stalls: 1, timeouts: 1, lost: 1 })
})

test('a host that sees very many addresses does not remember all of them', async () => {
  const { book, opener } = serial()
  for (let at = 0; at < 600; at += 1) await opener.open(`sim:${at}`, {}, never)
  expect([book.of('sim:0'), book.of('sim:599')?.opened]).toEqual([null, 1])
})
