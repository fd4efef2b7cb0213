import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FileKeystore } from '../../../electron/host/shell/file-keystore.ts'
import { openLocalShell } from '../../../electron/host/shell/local-shell.ts'
import type { Power } from '../../../shared/contract/shell.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'slipway-shell-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))
const keyFile = () => join(dataDir, 'keystore', 'key')
const secret = new TextEncoder().encode('the console key')

describe('the file keystore', () => {
  it('gives back what was put in, also after a restart', () => {
    const box = new FileKeystore(dataDir).protect(secret)
    expect(Buffer.from(box).includes(Buffer.from(secret))).toBe(false)
    expect(new FileKeystore(dataDir).unprotect(box)).toEqual(secret)
  })

  it('keeps its key in a private file', () => {
    new FileKeystore(dataDir).protect(secret)
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600)
    expect(readFileSync(keyFile())).toHaveLength(32)
  })

  it('notices a lost, a foreign and a damaged key, and never makes a new one over them', () => {
    const box = new FileKeystore(dataDir).protect(secret)
    writeFileSync(keyFile(), Buffer.alloc(32, 1))
    expect(() => new FileKeystore(dataDir).unprotect(box)).toThrow(/host\.no-keystore.*other-key/)
    writeFileSync(keyFile(), 'short')
    expect(() => new FileKeystore(dataDir).unprotect(box)).toThrow(/host\.no-keystore.*damaged/)
    expect(() => new FileKeystore(dataDir).protect(secret)).toThrow(/host\.no-keystore.*damaged/)
    rmSync(keyFile())
    expect(() => new FileKeystore(dataDir).unprotect(box)).toThrow(/host\.no-keystore.*missing/)
  })

  it('notices a changed box', () => {
    const keystore = new FileKeystore(dataDir)
    const box = keystore.protect(secret)
    box[box.length - 1]! ^= 1
    expect(() => keystore.unprotect(box)).toThrow(/host\.no-keystore/)
  })
})

describe('the local shell', () => {
  it('answers the shell contract', async () => {
    const shell = await openLocalShell(dataDir, () => 'TEST-0001')
    const { client } = shell
    await expect(client.shell.info(null)).resolves.toEqual({ keystore: 'file', electron: null })
    const { bytes } = await client.shell.protect({ bytes: Buffer.from(secret).toString('base64') })
    await expect(client.shell.unprotect({ bytes })).resolves.toEqual({ bytes: Buffer.from(secret).toString('base64') })
    await expect(client.shell.setWriting({ writing: true })).resolves.toBeNull()
    await expect(client.shell.setWriting({ writing: false })).resolves.toBeNull()
    const power = await new Promise<Power>((resolve) => client.shell.power(null, { value: resolve }))
    expect(Object.keys(power).sort()).toEqual(['battery', 'onMains'])
    shell.close()
  })

  it('passes on in code what is wrong with the keystore', async () => {
    const shell = await openLocalShell(dataDir, () => 'TEST-0001')
    await expect(shell.client.shell.unprotect({ bytes: 'AAAA' })).rejects.toMatchObject({
      code: 'host.no-keystore',
      detail: { why: 'missing' },
    })
    shell.close()
  })
})
