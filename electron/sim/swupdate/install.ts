import { isAppError } from '../../../shared/errors.ts'
import { memorySource, readExactly } from '../../host/artifact/source.ts'
import { readCpio } from '../../host/artifact/swu/cpio.ts'
import { parseDescription } from '../../host/artifact/swu/description.ts'
import { inspectSwu } from '../../host/artifact/swu/inspect.ts'

/** What a simulated SWUpdate makes of a package: what to install, or its words of refusal. */
export type Installation =
  | { readonly ok: true; readonly version: string; readonly payload: Uint8Array; readonly files: readonly string[] }
  | {
      readonly ok: false
      /** Refused from the first entries: the connection breaks instead of an answer. */
      readonly early: boolean
      /** Log lines of level 3, first to last. */
      readonly errors: readonly string[]
    }

export interface Expectations {
  readonly hardware: string
  /** A package without a signature is refused. What the signature is worth, a simulation cannot tell. */
  readonly signed: boolean
  /** Versions below this are refused, as `-N` does. */
  readonly notBelow: string | null
}

const FINAL = 'Image invalid or corrupted. Not installing ...'

/** Judges a package in the order, and in the words, of SWUpdate 2022.12 (PEERS 1.5). */
export async function installation(bytes: Uint8Array, expected: Expectations): Promise<Installation> {
  const source = memorySource(bytes)
  try {
    const entries = await readCpio(source)
    const [first] = entries
    if (first?.name !== 'sw-description') return refused(true)
    if (expected.signed && entries[1]?.name !== 'sw-description.sig') return refused(true)
    const text = Buffer.from(await readExactly(source, first.offset, first.size)).toString('utf8')
    const { hardware, version, files } = parseDescription(text)
    if (!hardware.includes(expected.hardware)) return refused(true, 'ERROR : SW not compatible with hardware')
    if (expected.notBelow !== null && (version ?? '') < expected.notBelow) {
      const words = `ERROR : No downgrading allowed: new version ${version} <= installed ${expected.notBelow}`
      return refused(true, words)
    }
    await inspectSwu(source, [])
    const image = entries.find(({ name }) => name === files[0]?.name)
    if (!image) return refused(false)
    const payload = await readExactly(source, image.offset, image.size)
    return { ok: true, version: version ?? '', payload, files: files.map(({ name }) => name) }
  } catch (error) {
    if (!isAppError(error)) throw error
    return error.code === 'artifact.corrupt' ? refused(false, 'ERROR : HASH mismatch : want <--> got') : refused(false)
  }
}

function refused(early: boolean, ...errors: readonly string[]): Installation {
  return { ok: false, early, errors: [...errors, FINAL] }
}
