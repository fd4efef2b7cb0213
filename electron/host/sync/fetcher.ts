/** One GET of a small file. */
export interface FetchBytes {
  /** A body longer than this is refused as soon as it is seen to be: `trust.too-large`. */
  readonly maxBytes: number
  readonly signal: AbortSignal
}

export interface FetchRange {
  /** First byte wanted. */
  readonly from: number
  /** End of what is wanted, not included; absent: all that follows. Then an answer from the beginning is none. */
  readonly to?: number
  /**
   * What the server called the bytes that are here already: it continues only the same ones. Null: it gave them
   * no name, and the hash at the end has to tell.
   */
  readonly etag: string | null
  /** Of the whole file, as signed: lets a budget ask for no more than it may spend. */
  readonly length?: number
  readonly signal: AbortSignal
}

/** A body on its way. */
export interface Download {
  /** Offset of the first byte that comes: `from`, or 0 when the server begins anew. */
  readonly start: number
  /** Strong entity tag, for continuing later; null when the server gives none. */
  readonly etag: string | null
  /** Throws `sync.*` and `cancelled`. Ending early destroys the connection. */
  readonly body: AsyncIterable<Uint8Array>
  /** For whoever may end without having begun to read. */
  readonly close?: () => void
}

/** The way to a repository's server. Tests and sticks implement it without a network. */
export interface Fetcher {
  /** Null when the server has no such file (404, 410, and 403 as object stores answer). Throws `sync.*`. */
  bytes(url: string, options: FetchBytes): Promise<Uint8Array | null>
  /** Throws `sync.not-found` and other `sync.*`. */
  open(url: string, options: FetchRange): Promise<Download>
}
