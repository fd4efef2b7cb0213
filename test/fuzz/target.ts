/** One parser of what comes from outside, under fire. */
export interface FuzzTarget {
  readonly name: string
  /** Good inputs to start from. */
  readonly seeds: readonly Uint8Array[]
  /** Puts checksums right again, so that damage reaches what is behind them. */
  readonly mend?: (bytes: Buffer) => Buffer
  /** Reads the bytes. Coded errors are an answer; anything else that is thrown is a crash. */
  readonly run: (bytes: Uint8Array) => unknown
}

/** Words as seeds. */
export const words = (...texts: readonly string[]): readonly Uint8Array[] =>
  texts.map((text) => Buffer.from(text, 'utf8'))
