import { httpOpener } from '../../../electron/host/link/http.ts'
import type { HttpLink } from '../../../electron/host/link/link.ts'
import { SwupdateClient } from '../../../electron/host/protocol/swupdate/client.ts'
import type { SwupdateDaemon } from './daemon.ts'

const BLOCK = 16 * 1024

/** Somebody else at the same daemon, who sends a package as slowly as they like. Resolves when it was received. */
export async function otherUpload(daemon: SwupdateDaemon, bytes: Uint8Array, takesMs: number): Promise<void> {
  const signal = AbortSignal.timeout(120_000)
  const link = (await httpOpener('http').open(daemon.address, {}, signal)) as HttpLink
  const client = new SwupdateClient(link, daemon.account)
  const pauseMs = (takesMs * BLOCK) / bytes.length
  try {
    await client.get('/', signal)
    await client.upload('somebody-else.swu', bytes.length, () => slowly(bytes, pauseMs), signal)
  } finally {
    await link.close()
  }
}

async function* slowly(bytes: Uint8Array, pauseMs: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += BLOCK) {
    yield bytes.subarray(at, at + BLOCK)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

/** Somebody restarts the device by its own web page. */
export async function otherRestart(daemon: SwupdateDaemon): Promise<void> {
  const signal = AbortSignal.timeout(10_000)
  const link = (await httpOpener('http').open(daemon.address, {}, signal)) as HttpLink
  try {
    const client = new SwupdateClient(link, daemon.account)
    await client.get('/', signal)
    await client.restart(signal)
  } finally {
    await link.close()
  }
}
