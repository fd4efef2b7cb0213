/** What a depot command needs of the world besides the file system. Tests give their own. */
export interface DepotIo {
  out(line: string): void
  err(line: string): void
  /** Asks without showing what is typed. */
  askSecret(prompt: string, signal: AbortSignal): Promise<string>
  readFile(path: string): Promise<Uint8Array>
  now(): number
  /** Ends the process with a failure although the command did what it was asked: it found something wrong. */
  fail(): void
  /** Fires when the command is to end: `serve` runs until then. */
  readonly signal: AbortSignal
}
