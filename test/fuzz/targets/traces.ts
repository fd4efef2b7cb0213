import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readTrace } from '../../../electron/host/link/trace/format.ts'
import { replayTrace } from '../../../electron/host/link/trace/replay.ts'
import { smpDialect } from '../../../electron/host/protocol/smp/trace-dialect.ts'
import type { FuzzTarget } from '../target.ts'

/** The first lines of real traces. */
const seeds = ['smp-serial', 'dfu', 'swupdate', 'ymodem'].map((name) => {
  const file = readFileSync(fileURLToPath(new URL(`../../fixtures/traces/${name}.jsonl`, import.meta.url)), 'utf8')
  return Buffer.from(file.split('\n').slice(0, 12).join('\n'))
})

export const TRACES: readonly FuzzTarget[] = [
  {
    name: 'trace files',
    seeds,
    async run(bytes) {
      const trace = await readTrace([bytes.subarray(0, bytes.length / 2), bytes.subarray(bytes.length / 2)])
      const replay = replayTrace(trace, { pace: 'at-once', dialect: smpDialect('console') })
      const link = await replay.open(new AbortController().signal)
      await link.close()
    },
  },
]
