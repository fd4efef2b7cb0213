import { describe, expect, it, vi } from 'vitest'
import type { Ctx } from '../../../electron/host/api/context.ts'
import type { Services } from '../../../electron/host/api/services.ts'
import { sourceHandlers } from '../../../electron/host/api/source.ts'

const { signal } = new AbortController()
const WISH = { id: 'hoist', root: '/r', fingerprint: 'ab'.repeat(32), metadata: 'https://x/', targets: 'https://x/' }

function scene() {
  const add = vi.fn<(wish: unknown, actor: string) => Promise<object>>(async () => ({}))
  const remove = vi.fn<(id: string, actor: string) => Promise<void>>(async () => {})
  const handlers = sourceHandlers({ sources: { add, remove } } as unknown as Services)
  return { add, remove, handlers }
}
const as = (operator: string | null, ...roles: Ctx['roles'][number][]): Ctx => ({ operator, roles })

describe('whom to trust for files', () => {
  it.each([
    [as(null), 'people.not-signed-in'],
    [as('kari', 'technician', 'crew', 'support', 'auditor'), 'people.role-missing'],
  ])('is not decided by %j', async (ctx, code) => {
    const { add, remove, handlers } = scene()
    const refused = expect.objectContaining({ code })
    await expect((async () => handlers.add(WISH, ctx, signal))()).rejects.toEqual(refused)
    await expect((async () => handlers.remove({ id: 'hoist' }, ctx, signal))()).rejects.toEqual(refused)
    expect([add.mock.calls, remove.mock.calls]).toEqual([[], []])
  })

  it('is decided by a supervisor, under their own name', async () => {
    const { add, remove, handlers } = scene()
    await handlers.add(WISH, as('ola', 'supervisor'), signal)
    await handlers.remove({ id: 'hoist' }, as('ola', 'supervisor'), signal)
    expect([add.mock.calls, remove.mock.calls]).toEqual([[[WISH, 'ola']], [['hoist', 'ola']]])
  })
})
