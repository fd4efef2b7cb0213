import { expect, it } from 'vitest'
import { scene } from '../../fixtures/tuf/scene.ts'

it.each(['?', '#', '/delegatedrole', '../delegatedrole', '..', "it's (a) *role*!", 'ø/%2e', '1.root'])(
  'quoting: a role may be called %s',
  async (name) => {
    const asked: string[] = []
    const { repo, client } = await scene({
      hijack: (request) => {
        asked.push(request.url ?? '')
        return false
      },
    })
    repo.delegate('targets', { name, paths: ['*'] })
    repo.addTarget(name, 'a', 'content')
    repo.publish(name)
    repo.bump('targets')
    repo.update()
    expect(await client.download('a')).toBe('content')
    expect(repo.requests).toContain(`1.${name}.json`)
    expect(client.cache.roles.has(name)).toBe(true)
    // Nothing in a name means anything to a server.
    for (const url of asked) expect(url).toMatch(/^\/(?:metadata|targets)\/[\w.~%-]+$/)
  },
)
