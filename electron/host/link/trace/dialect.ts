/** How bytes of one kind of conversation are compared: with what is different each time left out. */
export interface Dialect {
  /** Takes bytes as they come and gives messages; one for each way and each opening of a link. */
  reader(): (bytes: Uint8Array) => readonly Uint8Array[]
  /** What a request asks. */
  key(request: Uint8Array): string
  /** Whether it may change something at the device. When in doubt it does. */
  changes(request: Uint8Array): boolean
  /** Whether this was said to that request. */
  answers(said: Uint8Array, request: Uint8Array): boolean
  /** What was said to `recorded`, as it is said to `request`: ready for the wire. */
  answer(said: Uint8Array, recorded: Uint8Array, request: Uint8Array): Uint8Array
}

/** Bytes as they were: whatever was said belongs to the last thing asked. An empty line changes nothing. */
export const plainDialect: Dialect = {
  reader: () => (bytes) => [bytes],
  key: (request) => Buffer.from(request).toString('base64'),
  changes: (request) => !/^[\r\n]*$/.test(Buffer.from(request).toString('latin1')),
  answers: () => true,
  answer: (said) => said,
}
