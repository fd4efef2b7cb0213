import { AppError } from '../../../shared/errors.ts'
import type { LinkOpener, SshLink } from './link.ts'
import { statusOf } from './sftp-talk.ts'
import { connectSsh, SSH_TIMING, type SshConnection, type SshTiming } from './ssh-connect.ts'
import { sshError } from './ssh-errors.ts'
import { runCommand } from './ssh-run.ts'
import { openSftp } from './ssh-sftp.ts'
import { uploadFile } from './ssh-upload.ts'
import { throwIfAborted } from './waiting.ts'

/** Devices behind SSH. A device whose host key no signed document names is never logged in to. */
export function sshOpener(timing: Partial<SshTiming> = {}): LinkOpener {
  return {
    scheme: 'ssh',
    async open(address, { ssh = { hostKeys: [], login: null } }, signal) {
      throwIfAborted(signal)
      return linkOf(await connectSsh(address, ssh, { ...SSH_TIMING, ...timing }, signal))
    },
  }
}

function linkOf(connection: SshConnection): SshLink {
  const { address, client, gone } = connection
  const run: SshLink['run'] = async (argv, options, signal) => {
    const { code, stdout, stderr } = await runCommand(connection, argv, options, signal)
    return { code, stdout: stdout.toString('utf8'), stderr: stderr.toString('utf8') }
  }
  return {
    kind: 'ssh',
    address,
    run,
    async readFile(path, limit, signal) {
      const { code, stdout, stderr } = await runCommand(connection, ['cat', path], { maxBytes: limit }, signal)
      if (code === 0) return new Uint8Array(stdout)
      throw new AppError('device.refused', {
        detail: { what: 'read', path, said: stderr.toString('utf8').trim().slice(0, 200) },
      })
    },
    async upload(path, file, watch, signal) {
      const ended = AbortSignal.any([signal, gone])
      const sftp = await openSftp(connection, signal)
      try {
        const tools = { sftp, run: (argv: readonly string[]) => run(argv, {}, signal) }
        return { held: await uploadFile(tools, path, file, watch, ended) }
      } catch (error) {
        if (statusOf(error) === null || ended.aborted) throw sshError(error, address, ended)
        const said = error instanceof Error ? error.message.slice(0, 100) : ''
        throw new AppError('device.write-failed', { detail: { path, said }, cause: error })
      } finally {
        sftp.end()
      }
    },
    async close() {
      client.destroy()
    },
  }
}
