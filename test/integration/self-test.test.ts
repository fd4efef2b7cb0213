import { expect, it } from 'vitest'
import { compose } from '../../electron/host/compose.ts'
import { nodeEd25519 } from '../../electron/host/crypto/ed25519.ts'
import { selfTest } from '../../electron/host/crypto/self-test.ts'
import { openLog } from '../../electron/host/log.ts'
import { openLocalShell } from '../../electron/host/shell/local-shell.ts'
import { tempDir } from '../fixtures/temp-dir.ts'

it('a console does not start on cryptography that believes every signature, and opens nothing', async () => {
  const dataDir = tempDir()
  const log = openLog({ folder: tempDir() })
  const shell = await openLocalShell(tempDir(), () => '')
  const broken = { ...nodeEd25519, verifier: () => () => true }
  const parts = { selfTest: () => selfTest(() => broken) }
  try {
    await expect(compose({ dataDir, mode: 'normal', shell: shell.client, log, parts })).rejects.toMatchObject({
      code: 'host.crypto-broken',
      detail: { wrong: 'ed25519' },
    })
  } finally {
    shell.close()
    log.close()
  }
})
