import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { contentType } from '../../../shared/page.ts'

export interface PageFile {
  readonly type: string
  read(): Promise<Uint8Array>
}

/**
 * The built page as a closed list: URL path -> file. What is not in the list when the host starts
 * does not exist, so no spelling of a path can lead anywhere else. A missing folder is an empty list.
 */
export async function readPageFiles(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>()
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    const type = contentType(entry.name)
    if (!entry.isFile() || type === undefined) continue
    const url = `/${relative(folder, path).split(sep).map(encodeURIComponent).join('/')}`
    files.set(url, { type, read: () => readFile(path) })
  }
  const index = files.get('/index.html')
  if (index) files.set('/', index)
  return files
}
