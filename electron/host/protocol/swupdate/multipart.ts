/** The bytes before and after a file in a `multipart/form-data` body of one part. */
export interface MultipartFrame {
  readonly contentType: string
  readonly head: Uint8Array
  readonly tail: Uint8Array
}

/**
 * Frames one file. SWUpdate's parser cuts a fixed tail at the final boundary, so the file is the only part; and it
 * took payload bytes for a boundary of two characters, so `random` (hex) is long.
 */
export function multipartFrame(fileName: string, random: string): MultipartFrame {
  const boundary = `----slipway-${random}`
  // A name is shown by the device and must not end its header.
  const name = fileName.replaceAll(/[^\w.+-]/g, '_').slice(0, 100)
  const head =
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n` +
    'Content-Type: application/octet-stream\r\n\r\n'
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    head: Buffer.from(head, 'latin1'),
    tail: Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1'),
  }
}
