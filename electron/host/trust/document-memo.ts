import type { ErrorData } from '../../../shared/errors.ts'
import type { Steps } from '../../../shared/steps.ts'

/**
 * What documents said when they were last read, so that a sync that brings one new plan of thousands reads one. The same
 * bytes under the same name always mean the same: everything is kept by the hash that was just checked, and what a
 * library no longer asks for is forgotten after it.
 */
export class DocumentMemo {
  #documents = new Map<string, unknown>()
  #verdicts = new Map<string, ErrorData | null>()
  #usedDocuments = new Map<string, unknown>()
  #usedVerdicts = new Map<string, ErrorData | null>();

  /** `read` throws for what is no good; that is not kept. The caller says by `path` of which kind the document is. */
  *document<T>(path: string, sha256: string, read: () => Steps<T>): Steps<T> {
    const key = `${sha256} ${path}`
    const known = this.#documents.has(key) ? (this.#documents.get(key) as T) : yield* read()
    this.#usedDocuments.set(key, known)
    return known
  }

  /** Of a plan and the profiles that it was judged against, by their hashes. */
  verdict(subject: readonly string[], judge: () => ErrorData | null): ErrorData | null {
    const key = subject.join(' ')
    const known = this.#verdicts.has(key) ? (this.#verdicts.get(key) ?? null) : judge()
    this.#usedVerdicts.set(key, known)
    return known
  }

  /** A library is whole: what it did not need goes. */
  settle(): void {
    this.#documents = this.#usedDocuments
    this.#verdicts = this.#usedVerdicts
    this.#usedDocuments = new Map()
    this.#usedVerdicts = new Map()
  }
}
