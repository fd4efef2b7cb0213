import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { SshAccess, SshLink } from '../../../electron/host/link/link.ts'
import { sshOpener } from '../../../electron/host/link/ssh.ts'
import { type FakeDeviceOptions, startFakeDevice } from '../../fixtures/ssh/fake-device.ts'
import { newKey } from '../../fixtures/ssh/keys.ts'

const never = new AbortController().signal
const code = (expected: string, detail: object = {}) =>
  expect.objectContaining({ code: expected, detail: expect.objectContaining(detail) })

async function device(options: FakeDeviceOptions = {}) {
  const fake = await startFakeDevice(options)
  onTestFinished(() => fake.close())
  const hostKeys = [fake.hostKey.fingerprint]
  const open = async (access: Partial<SshAccess> = {}) => {
    const link = (await sshOpener().open(fake.address, { ssh: { hostKeys, login: null, ...access } }, never)) as SshLink
    onTestFinished(() => link.close())
    return link
  }
  return { fake, open }
}

test('a command brings back what it said and how it ended', async () => {
  const { open } = await device()
  const link = await open()
  const said = await link.run(
    ['sh', '-c', 'cat; echo "$1" >&2; exit 7', 'sh', "it's"],
    { stdin: Buffer.from('in') },
    never,
  )
  expect(said).toEqual({ code: 7, stdout: 'in', stderr: "it's\n" })
  expect(await link.run(['sh', '-c', 'printf x'], {}, never)).toEqual({ code: 0, stdout: 'x', stderr: '' })
})

test('lines come as they are said, from both streams, whole characters and without their ends', async () => {
  const { open } = await device()
  const lines: string[] = []
  const script = 'printf "10%%\\r20%%\\r\\n"; printf "\\303"; sleep 0.05; printf "\\251nd"; echo oops >&2'
  await (await open()).run(['sh', '-c', script], { onLine: (line, from) => lines.push(`${from} ${line}`) }, never)
  expect(lines.filter((line) => line.startsWith('stdout'))).toEqual(['stdout 10%', 'stdout 20%', 'stdout énd'])
  expect(lines).toContain('stderr oops')
})

test('another host key than the signed one: nobody logs in, and both fingerprints are told', async () => {
  const logins: string[] = []
  const { fake, open } = await device({ password: 'secret' })
  const expected = newKey().fingerprint
  const login = { username: 'tech', password: 'secret' }
  await expect(open({ hostKeys: [expected], login })).rejects.toEqual(
    code('link.host-key-changed', { expected, seen: fake.hostKey.fingerprint }),
  )
  await expect(open({ hostKeys: [], login })).rejects.toEqual(
    code('link.host-key-unknown', { seen: fake.hostKey.fingerprint }),
  )
  expect(logins).toEqual([])
  await expect(open({ hostKeys: [expected, fake.hostKey.fingerprint], login })).resolves.toMatchObject({ kind: 'ssh' })
})

test('a password, a key and a key under a passphrase log in; the wrong ones do not', async () => {
  const [key, locked] = [newKey(), newKey('open sesame')]
  const withPassword = await device({ password: 'secret' })
  await expect(withPassword.open({ login: { username: 'tech', password: 'secret' } })).resolves.toBeDefined()
  await expect(withPassword.open({ login: { username: 'tech', password: 'no' } })).rejects.toEqual(
    code('device.unauthorised'),
  )
  await expect(withPassword.open()).rejects.toEqual(code('device.unauthorised'))
  const withKey = await device({ authorized: key.publicKey })
  const login = { username: 'tech', password: '', privateKey: key.privateKey }
  await expect(withKey.open({ login })).resolves.toBeDefined()
  await expect(withKey.open({ login: { ...login, privateKey: newKey().privateKey } })).rejects.toEqual(
    code('device.unauthorised'),
  )
  await expect(withKey.open({ login: { ...login, privateKey: 'no key' } })).rejects.toEqual(
    code('device.unauthorised', { reason: 'key' }),
  )
  const withLocked = await device({ authorized: locked.publicKey })
  const lockedLogin = { username: 'tech', password: 'open sesame', privateKey: locked.privateKey }
  await expect(withLocked.open({ login: lockedLogin })).resolves.toBeDefined()
  await expect(withLocked.open({ login: { ...lockedLogin, password: 'shut' } })).rejects.toEqual(
    code('device.unauthorised', { reason: 'key' }),
  )
})

test('a server that accepts and then says nothing is given up, and a wait ends with its signal', async () => {
  const mute = createServer(() => {})
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void mute.close())
  const { port } = mute.address() as { port: number }
  const address = `ssh://tech@127.0.0.1:${port}`
  const ssh = { hostKeys: ['SHA256:x'], login: null }
  await expect(sshOpener({ connect: 50 }).open(address, { ssh }, never)).rejects.toEqual(code('link.timeout'))
  const stop = new AbortController()
  const opening = sshOpener().open(address, { ssh }, stop.signal)
  setTimeout(() => stop.abort(), 20)
  await expect(opening).rejects.toEqual(code('cancelled'))
  await expect(sshOpener().open('ssh://tech@127.0.0.1:1', { ssh }, never)).rejects.toEqual(code('link.refused'))
})

test('a command that hangs ends with its signal, and one that never stops talking at its limit', async () => {
  const { open } = await device()
  const link = await open()
  const stop = new AbortController()
  const hanging = link.run(['sh', '-c', 'echo begun; sleep 60'], { onLine: () => stop.abort() }, stop.signal)
  await expect(hanging).rejects.toEqual(code('cancelled'))
  await expect(link.run(['yes'], { maxBytes: 100_000 }, never)).rejects.toEqual(
    code('device.bad-frame', { reason: 'too-long' }),
  )
  await expect(link.run(['sh', '-c', 'yes >&2'], { maxBytes: 100_000 }, never)).rejects.toEqual(
    code('device.bad-frame'),
  )
  // The connection is as good as before.
  await expect(link.run(['echo', 'still here'], {}, never)).resolves.toMatchObject({ stdout: 'still here\n' })
})

test('a link that is gone stays gone', async () => {
  const { fake, open } = await device({ onCommand: (line) => line === 'hang' })
  const link = await open()
  const waiting = link.run(['hang'], {}, never)
  waiting.catch(() => {})
  await link.run(['true'], {}, never)
  await fake.close()
  await expect(waiting).rejects.toEqual(code('link.lost'))
  await expect(link.run(['true'], {}, never)).rejects.toEqual(code('link.lost'))
})

test('a file is read whole, or not at all', async () => {
  const { open } = await device()
  const link = await open()
  expect(Buffer.from(await link.readFile('/etc/hostname', 1000, never)).toString()).toMatch(/\S/)
  await expect(link.readFile('/proc/version', 3, never)).rejects.toEqual(code('device.bad-frame'))
  await expect(link.readFile('/nowhere', 1000, never)).rejects.toEqual(code('device.refused', { what: 'read' }))
})
