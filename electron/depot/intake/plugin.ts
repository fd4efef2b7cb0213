import type { FastifyPluginCallback } from 'fastify'
import { Sha256Hex } from '../../../shared/model/text.ts'
import type { Intake } from './intake.ts'
import { TusIntake } from './tus.ts'

/** Where the intake lives on the server; consoles resolve it against the repository's address. */
export const INTAKE_PATH = '/audit'
const CLEAN_UP_EVERY_MS = 60 * 60 * 1000

export interface IntakePluginOptions {
  readonly intake: Intake
}

/**
 * The intake as part of a fastify server: tus 1.0 at `/audit/`, receipts at `/audit/receipts/<segment>`.
 * Register it without a prefix: the addresses of uploads are made from the path.
 */
export const intakePlugin: FastifyPluginCallback<IntakePluginOptions> = (server, { intake }, done) => {
  const tus = new TusIntake(intake, INTAKE_PATH)
  const cleanUp = setInterval(() => void tus.removeDead().catch(() => undefined), CLEAN_UP_EVERY_MS)
  cleanUp.unref()

  server.addHook('onReady', async () => {
    await tus.finishLeftovers()
    await tus.removeDead()
  })
  server.addHook('onClose', (_server, closed) => {
    clearInterval(cleanUp)
    closed()
  })

  // The body is the upload: it goes to the file as it comes, never through memory.
  server.addContentTypeParser('application/offset+octet-stream', (_request, _payload, parsed) => parsed(null))

  server.get<{ Params: { segment: string } }>(`${INTAKE_PATH}/receipts/:segment`, async (request, reply) => {
    void reply.header('cache-control', 'no-store')
    const segment = Sha256Hex.safeParse(request.params.segment)
    if (!segment.success) return await reply.code(404).send({})
    if (intake.receiptFor(segment.data) === null) await tus.finishLeftovers(segment.data)
    const receipt = intake.receiptFor(segment.data)
    if (receipt !== null) {
      await tus.forget(segment.data)
      return await reply.send(receipt)
    }
    const refusal = await intake.refusalOf(segment.data)
    return refusal === null ? await reply.code(404).send({}) : await reply.code(422).send(refusal)
  })

  for (const url of [INTAKE_PATH, `${INTAKE_PATH}/`, `${INTAKE_PATH}/:upload`]) {
    server.route({
      method: ['POST', 'HEAD', 'PATCH', 'DELETE', 'OPTIONS'],
      url,
      handler: (request, reply) => {
        reply.hijack()
        tus.server.handle(request.raw, reply.raw).catch(() => reply.raw.destroy())
      },
    })
  }
  done()
}
