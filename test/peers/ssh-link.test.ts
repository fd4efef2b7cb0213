import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { SshAccess, SshLink } from '../../electron/host/link/link.ts'
import { sshOpener } from '../../electron/host/link/ssh.ts'
import { never } from '../fixtures/devices/bench.ts'
import { seeded } from '../fixtures/seeded.ts'
import { newKey } from '../fixtures/ssh/keys.ts'
import { type Sshd, startSshd } from '../fixtures/ssh/sshd.ts'
import { sourceOf, watcher } from '../fixtures/ssh/upload.ts'
import { tempDir } from '../fixtures/temp-dir.ts'
import { needsTools } from './artifacts/tools.ts'

/** The link against OpenSSH's own server, with its extensions to SFTP. */
const code = (expected: string, detail: object = {}) =>
  expect.objectContaining({ code: expected, detail: expect.objectContaining(detail) })

const links: SshLink[] = []
const servers: Sshd[] = []
afterEach(async () => {
  for (const link of links.splice(0)) await link.close()
  for (const server of servers.splice(0)) await server.close()
})

async function start() {
  const sshd = await startSshd(tempDir())
  servers.push(sshd)
  const open = async (access: Partial<SshAccess> = {}) => {
    const link = (await sshOpener().open(sshd.address, { ssh: { ...sshd.access, ...access } }, never)) as SshLink
    links.push(link)
    return link
  }
  return { sshd, open }
}

test('logs in with a key, to the pinned host alone', async (context) => {
  needsTools(context, 'ssh-keygen')
  const { sshd, open } = await start()
  const link = await open()
  expect(await link.run(['printf', '%s|', "a b'c", '$HOME', ''], {}, never)).toEqual({
    code: 0,
    stdout: "a b'c|$HOME||",
    stderr: '',
  })
  const pinned = newKey().fingerprint
  await expect(open({ hostKeys: [pinned] })).rejects.toEqual(
    code('link.host-key-changed', { expected: pinned, seen: sshd.access.hostKeys[0] }),
  )
  const login = { username: 'root', password: '', privateKey: newKey().privateKey }
  await expect(open({ login })).rejects.toEqual(code('device.unauthorised'))
  // A key as it is pasted: without the line break at its end.
  const key = { ...sshd.access.login, privateKey: sshd.access.login?.privateKey?.trim() } as SshAccess['login']
  await expect(open({ login: key })).resolves.toMatchObject({ kind: 'ssh' })
})

test('an upload that is cut is taken up again by the next connection', async (context) => {
  needsTools(context, 'ssh-keygen')
  const { sshd, open } = await start()
  const folder = tempDir()
  const target = join(folder, 'large.raucb')
  const bytes = Buffer.concat(Array.from({ length: 24 }, () => seeded().bytes(1000)))
    .toString('hex')
    .repeat(400)
  const source = sourceOf(Buffer.from(bytes))
  const cutting = watcher()
  const progress = {
    between: () => cutting.between(),
    progress: (done: number) => {
      if (done > source.length / 3) sshd.cut()
    },
  }
  await expect((await open()).upload(target, source, progress, never)).rejects.toEqual(code('link.lost'))
  const left = statSync(join(folder, '.large.raucb.part')).size
  expect(left).toBeGreaterThan(source.length / 4)
  expect(left).toBeLessThan(source.length)
  const watch = watcher()
  expect(await (await open()).upload(target, source, watch, never)).toEqual({ held: left })
  expect(watch.told[0]).toBe(left)
  expect(readFileSync(target).equals(Buffer.from(bytes))).toBe(true)
  expect(await readdir(folder)).toEqual(['large.raucb'])
  // The old file makes way in one step.
  writeFileSync(target, 'other')
  await (await open()).upload(target, source, watcher(), never)
  expect(statSync(target)).toMatchObject({ size: source.length, mode: 0o100600 })
})

test('the room that is left is asked by SFTP itself', async (context) => {
  needsTools(context, 'ssh-keygen')
  const { open } = await start()
  const folder = tempDir()
  const endless = { length: 2 ** 52, sha256: '0'.repeat(64), read: async () => new Uint8Array(1) }
  await expect((await open()).upload(join(folder, 'x'), endless, watcher(), never)).rejects.toEqual(
    code('device.no-space', { needed: 2 ** 52 }),
  )
  expect(await readdir(folder)).toEqual([])
  await expect((await open()).upload('/nowhere/x', sourceOf(new Uint8Array(1)), watcher(), never)).rejects.toEqual(
    code('device.write-failed', { said: 'No such file' }),
  )
})
