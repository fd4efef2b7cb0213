import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createServer, mergeConfig } from 'vite'
import { rendererConfig } from '../vite.renderer.config.ts'
import { buildIfStale, ROOT } from './build.ts'
import { findElectron } from './electron-runtime.ts'
import { endHost, launchHost } from './host.ts'
import { hasDisplay } from './plan.ts'

/** `npm run dev`: the page with hot replacement, in Electron where that is, else for any browser beside a headless host. */
export async function dev(args: readonly string[]): Promise<number> {
  if (findElectron() && hasDisplay(process.platform, process.env)) return devElectron(args)
  if (!(await buildIfStale())) return 1
  const dataDir = join(ROOT, '.slipway', 'dev')
  const host = await launchHost(['--data-dir', dataDir, ...args], args.includes('--demo') ? `${dataDir}-demo` : dataDir)
  if (!host) return 1
  const { origin, port, token } = host.address
  // The host takes sockets from its own origin alone, so the proxy says that it is that.
  const proxy = { '/rpc': { target: `ws://127.0.0.1:${port}`, ws: true, changeOrigin: true, rewriteWsOrigin: true } }
  const server = await createServer(
    mergeConfig(rendererConfig, { configFile: false, server: { host: '127.0.0.1', proxy } }),
  )
  await server.listen()
  const [url = origin] = server.resolvedUrls?.local ?? []
  process.stdout.write(`Open ${url}#${token}\nCtrl-C ends it.\n`)
  const ended = new Promise((resolve) => process.once('SIGINT', resolve))
  await (host.child ? Promise.race([ended, once(host.child, 'exit')]) : ended)
  await server.close()
  return endHost(host)
}

async function devElectron(args: readonly string[]): Promise<number> {
  const bundler = join(ROOT, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const config = join(ROOT, 'build', 'electron.vite.config.ts')
  const child = spawn(process.execPath, [bundler, 'dev', '--config', config, '--', ...args], {
    cwd: ROOT,
    stdio: 'inherit',
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 1
}
