import type { Field } from './fields.ts'
import type { CliIo } from './io.ts'

/** Methods that set a passphrase: a slip of the finger would lock its owner out. */
const ASKED_TWICE = new Set(['people.enrol passphrase', 'people.changePassphrase next'])

/** The secret from its file, or asked for. The last line break of a file is not part of it. */
export async function readSecret(
  method: string,
  field: Field,
  file: string | undefined,
  io: CliIo,
  signal: AbortSignal,
): Promise<string> {
  if (file !== undefined) {
    return new TextDecoder().decode(await io.read(file)).replace(/\r?\n$/, '')
  }
  const name = field.path.map((part) => part.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)).join(' ')
  const prompt = `${name.charAt(0).toUpperCase()}${name.slice(1)}`
  const secret = await io.askSecret(`${prompt}: `, signal)
  if (!ASKED_TWICE.has(`${method} ${field.path.join('.')}`) || !io.inputIsTerminal) return secret
  for (;;) {
    if ((await io.askSecret(`${prompt} again: `, signal)) === secret) return secret
    io.err('The two are not the same.')
  }
}
