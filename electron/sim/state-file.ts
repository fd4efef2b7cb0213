import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Keeps a simulated device's flash in a file, so that it survives the end of its own process. */
export interface StateFile {
  /** Null: nothing was ever saved. */
  load(): unknown
  /** Soon; several calls in a row are one write. */
  save(): void
  /** Now, if anything waits. */
  flush(): void
}

const SOON_MS = 50

export function stateFile(path: string | null, current: () => unknown): StateFile {
  let timer: NodeJS.Timeout | null = null
  const flush = () => {
    if (timer) clearTimeout(timer)
    timer = null
    if (path === null) return
    mkdirSync(dirname(path), { recursive: true })
    // Written whole, then renamed: a killed simulation never leaves half a flash.
    writeFileSync(`${path}.new`, JSON.stringify(current(), replacer))
    renameSync(`${path}.new`, path)
  }
  return {
    load() {
      if (path === null) return null
      try {
        return JSON.parse(readFileSync(path, 'utf8'), reviver)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw error
      }
    },
    save() {
      timer ??= path === null ? null : setTimeout(flush, SOON_MS)
    },
    flush() {
      if (timer) flush()
    },
  }
}

function replacer(this: Record<string, unknown>, key: string, value: unknown): unknown {
  // JSON.stringify has called Buffer's own toJSON by now; the bytes themselves are still in the holder.
  const held = this[key]
  return held instanceof Uint8Array ? { $bytes: Buffer.from(held).toString('base64') } : value
}

function reviver(_key: string, value: unknown): unknown {
  const bytes = (value as { $bytes?: unknown } | null)?.$bytes
  return typeof bytes === 'string' ? new Uint8Array(Buffer.from(bytes, 'base64')) : value
}
