import type { SshLink } from '../link.ts'
import { tracedCalls } from './traced-calls.ts'
import type { CurrentWriter } from './writer.ts'

/** What is kept of what a command says, characters of each stream. */
const MOST_SAID = 32 * 1024

/** Commands, what they said, and uploads by their hash. What was fed to a command is not kept: it may be a secret. */
export function tapSsh(link: SshLink, writer: CurrentWriter): SshLink {
  writer()
  const asked = tracedCalls(writer)
  return {
    kind: 'ssh',
    address: link.address,
    run: (argv, options, signal) =>
      asked(
        (trace) => ({ what: 'run', argv: argv.map((word) => trace.text(word)), stdin: options.stdin !== undefined }),
        () => link.run(argv, options, signal),
        ({ code, stdout, stderr }, trace) => ({
          what: 'outcome',
          code,
          stdout: trace.text(stdout.slice(0, MOST_SAID)),
          stderr: trace.text(stderr.slice(0, MOST_SAID)),
        }),
        signal,
      ),
    readFile: (path, limit, signal) =>
      asked(
        () => ({ what: 'read-file', path, limit }),
        () => link.readFile(path, limit, signal),
        (bytes, trace) => ({ what: 'data', data: trace.data(bytes) }),
        signal,
      ),
    upload: (path, file, watch, signal) =>
      asked(
        () => ({ what: 'upload', path, length: file.length, sha256: file.sha256 }),
        () => link.upload(path, file, watch, signal),
        ({ held }) => ({ what: 'uploaded', held }),
        signal,
      ),
    async close() {
      writer()?.note({ is: 'close', code: null })
      await link.close()
    },
  }
}
