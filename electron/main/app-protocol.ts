import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { CustomScheme, Protocol } from 'electron'
import { contentType, pageHeaders } from '../../shared/page.ts'

/** `app://slipway/` is where the page lives. */
export const PAGE_URL = 'app://slipway/index.html'
const ORIGIN = 'app://slipway'

/** Must be declared before Electron is ready. Standard and secure, so that modules and the policy work as on the web. */
export const APP_SCHEME: CustomScheme = {
  scheme: 'app',
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
}

/** Serves the built page from `folder`, as a closed list of files, under its policy. */
export async function serveApp(protocol: Pick<Protocol, 'handle'>, folder: string): Promise<void> {
  const files = await listFiles(folder)
  protocol.handle('app', async ({ url, method }) => {
    const { origin, host, pathname } = new URL(url)
    // Node's URL gives a scheme it does not know the origin "null"; the host tells then.
    const ours = origin === ORIGIN || host === 'slipway'
    const path = ours && method === 'GET' ? files.get(pathname) : undefined
    const type = path === undefined ? undefined : contentType(path)
    if (path === undefined || type === undefined)
      return new Response(null, { status: 404, headers: pageHeaders("'none'") })
    return new Response(await readFile(path), { headers: { ...pageHeaders("'none'"), 'content-type': type } })
  })
}

async function listFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return new Map(paths.map((path) => [`/${relative(folder, path).split(sep).map(encodeURIComponent).join('/')}`, path]))
}
