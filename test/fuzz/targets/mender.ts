import { downloaded, failureOf, isUnverified, parseLog } from '../../../electron/host/protocol/mender/client-log.ts'
import { holdsOneOf, parseVersion, verifyKeyPaths } from '../../../electron/host/protocol/mender/config.ts'
import { formatFacts, parseFacts, printable } from '../../../electron/host/protocol/mender/facts.ts'
import { parseLook } from '../../../electron/host/protocol/mender/job.ts'
import { readWork } from '../../../electron/host/protocol/mender/pending.ts'
import { isAppError } from '../../../shared/errors.ts'
import { makeStore } from '../../fixtures/mender/store.ts'
import { type FuzzTarget, words } from '../target.ts'

const STATE = '{"Version":1,"ArtifactName":"app-2","ArtifactTypeInfoProvides":{"rootfs-image.version":"app-2"}}'
const KEY = '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n'
const LOG = `time="2026-11-20T17:34:21Z" level=info msg="Collected output (stderr) while running script /x/ArtifactInstall_Enter_10_a\\ndoor\\x1b[2J\\n\\n---------- end of script output"
|------|
......time="2026-11-20T17:34:21Z" level=error msg="statescript: error executing 'ArtifactInstall_Enter_10_a': 1 : exit status 1"
record_id=1 severity=error time="2026-Nov-20 10:00:00.1" name="Global" msg="reader: invalid signature"
`
const JOB = 'alive=yes\ncode=4\nwhat=install\nartifact=app-2\nsha256=ab\nlog=\n'

/** Refusals are answers of each reader; the next one is asked all the same. */
function each(...readers: readonly (() => unknown)[]): void {
  for (const read of readers) {
    try {
      read()
    } catch (error) {
      if (!isAppError(error)) throw error
    }
  }
}

export const MENDER: readonly FuzzTarget[] = [
  {
    name: 'Mender store',
    seeds: [4, 8].map((word) =>
      makeStore(
        [
          ['artifact-name', 'app-1'],
          ['standalone-state', STATE],
          ['long', 'x'.repeat(9000)],
        ],
        { word: word === 4 ? 4 : 8, before: [['state', '{}']] },
      ),
    ),
    run: readWork,
  },
  {
    name: 'Mender words',
    seeds: words(LOG, JOB + LOG, KEY, `{"ArtifactVerifyKey":"/etc/mender/key.pem"}`, '3.4.0+ds1\truntime: go1.19.8'),
    run(bytes) {
      const text = Buffer.from(bytes).toString('utf8')
      const entries = parseLog(text)
      const said = String(failureOf(entries).detail.said ?? '')
      if (said.length > 301 || said !== printable(said)) throw new Error('words of a device came through')
      const share = downloaded(text)
      if (!(share >= 0 && share <= 1)) throw new Error(`downloaded ${share}`)
      const again = parseFacts(formatFacts(parseFacts(text)))
      if (again.size !== parseFacts(text).size) throw new Error('facts made facts')
      each(
        () => isUnverified(entries),
        () => parseLook(0, text),
        () => parseVersion(text),
        () => holdsOneOf(text, [KEY]),
        () => verifyKeyPaths([text, null], [4, 0]),
      )
    },
  },
]
