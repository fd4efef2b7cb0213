import { AppError } from '../../../../../shared/errors.ts'
import { failureOf, parseLog } from '../../../protocol/mender/client-log.ts'
import type { Image } from '../../driver.ts'
import { follow } from './follow.ts'
import { artifactOf, type MenderSession } from './session.ts'

/**
 * Lets the client roll back our artifact, where it waits for a commit; true: it did. One of somebody else is left
 * alone. Throws `device.rollback-failed`, and why nobody knows what became of it.
 */
export async function takeBack(session: MenderSession, image: Image, signal: AbortSignal): Promise<boolean> {
  const { client } = session
  const artifact = artifactOf(image)
  const { pending } = await client.work(signal)
  if (pending?.artifact !== artifact) return false
  await client.start({ what: 'rollback', artifact, sha256: image.sha256 }, signal)
  const job = await follow(session, {}, signal)
  const left = (await client.work(signal)).pending
  if (left === null) return true
  const cause = failureOf(parseLog(job.log))
  const said = String(cause.detail.said ?? '')
  throw new AppError('device.rollback-failed', { detail: { found: left.artifact, code: job.code, said }, cause })
}
