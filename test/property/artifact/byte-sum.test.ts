import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { memorySource } from '../../../electron/host/artifact/source.ts'
import { byteSum } from '../../../electron/host/artifact/swu/cpio.ts'

test('the sum of an entry is that of its bytes, wherever in memory it lies', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 2000 }),
      fc.nat(7),
      fc.nat(9),
      fc.constantFrom(null, 0xff),
      async (bytes, offset, cut, fill) => {
        if (fill !== null) bytes.fill(fill)
        const from = Math.min(offset, bytes.length)
        const size = Math.max(0, bytes.length - from - cut)
        const entry = { name: 'x', offset: from, size, sum: null }
        const expected = bytes.subarray(from, from + size).reduce((sum, byte) => sum + byte, 0)
        expect(await byteSum(memorySource(bytes), entry)).toBe(expected)
      },
    ),
  )
})
