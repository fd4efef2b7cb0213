/** What the newest bytes of a serial line look like. */
export interface LineNoise {
  readonly bytes: number
  /** Share of bytes that no console prints, 0 to 1. */
  readonly garbage: number
  /** The end of what can be read as text, for a person to recognise. */
  readonly text: string
}

/** Longest stretch of a console's text that is shown. */
const SHOWN = 80
const ESCAPE = 0x1b
/** The markers that begin the frames of SMP on a console (Zephyr `smp_transport`). */
const MARKERS = new Set([0x04, 0x06, 0x14])

/**
 * Consoles print ASCII or UTF-8, and SMP frames there are base64. A line that is read at the wrong speed is neither:
 * its bits fall into other places, so bytes with the highest bit set and control codes dominate.
 */
export function lineNoise(sample: Uint8Array): LineNoise {
  const utf8 = new TextDecoder().decode(sample)
  const broken = utf8.split('\ufffd').length - 1
  const odd = sample.filter((byte) => isOdd(byte)).length
  const garbage = sample.length === 0 ? 0 : Math.min(1, (broken + odd) / sample.length)
  return { bytes: sample.length, garbage, text: readable(utf8) }
}

function isOdd(byte: number): boolean {
  const isSpace = byte >= 0x07 && byte <= 0x0d
  return (byte < 0x20 && !isSpace && byte !== ESCAPE && !MARKERS.has(byte)) || byte === 0x7f
}

function readable(utf8: string): string {
  return (
    utf8
      .replaceAll('\ufffd', ' ')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal escapes are what is taken out
      .replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
      .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
      .trim()
      .slice(-SHOWN)
  )
}
