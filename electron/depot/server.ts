import type { AddressInfo } from 'node:net'
import { basename } from 'node:path'
import fastifyStatic from '@fastify/static'
import fastify, { type FastifyInstance, type FastifyPluginAsync, type FastifyPluginCallback } from 'fastify'
import { AppError } from '../../shared/errors.ts'
import type { DepotLayout } from './layout.ts'

/** Something that the server does besides serving files: the intake of audit logs. Registered without a prefix. */
export type DepotPlugin = FastifyPluginAsync | FastifyPluginCallback

/** The depot's server: the repository as static files, and what the plugins add. Any web server can do the first. */
export async function depotServer(layout: DepotLayout, plugins: readonly DepotPlugin[] = []): Promise<FastifyInstance> {
  const server = fastify({
    // Paths with `//` or of another case are other paths.
    routerOptions: { caseSensitive: true, ignoreDuplicateSlashes: false, ignoreTrailingSlash: false },
    forceCloseConnections: true,
  })
  server.setNotFoundHandler((_request, reply) => void reply.code(404).send({}))
  for (const folder of ['metadata', 'targets']) {
    await server.register(fastifyStatic, {
      root: folder === 'metadata' ? layout.metadata : layout.targets,
      prefix: `/${folder}/`,
      decorateReply: false,
      dotfiles: 'deny',
      index: false,
      acceptRanges: true,
      etag: true,
      cacheControl: false,
      // Half-written files, and what no client asks for.
      allowedPath: (path) => !path.endsWith('.part') && !path.endsWith('/'),
      setHeaders: (response, path) => {
        void response.header('cache-control', isVersioned(path) ? 'public, max-age=31536000, immutable' : 'no-cache')
        void response.header('x-content-type-options', 'nosniff')
      },
    })
  }
  for (const plugin of plugins) await server.register(plugin as FastifyPluginAsync)
  return server
}

export interface Serving {
  /** Where consoles find the repository. */
  readonly url: string
  readonly close: () => Promise<void>
}

/** Listens. `port` 0: any that is free. `host` defaults to this machine alone. Throws `link.busy`, `link.no-permission`. */
export async function listen(server: FastifyInstance, options: { port: number; host?: string }): Promise<Serving> {
  const host = options.host ?? '127.0.0.1'
  try {
    await server.listen({ port: options.port, host })
  } catch (error) {
    await server.close()
    const code = error instanceof Error && 'code' in error ? error.code : ''
    const reason = code === 'EACCES' ? 'link.no-permission' : 'link.busy'
    throw new AppError(reason, { detail: { address: `${host}:${options.port}` }, cause: error })
  }
  const { port } = server.server.address() as AddressInfo
  const name = host.includes(':') ? `[${host}]` : host
  return { url: `http://${name}:${port}`, close: () => server.close() }
}

/** Names that carry a version or a hash never mean anything else. */
function isVersioned(path: string): boolean {
  return /^(?:\d+|[0-9a-f]{64})\./.test(basename(path))
}
