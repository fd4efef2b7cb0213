import { once } from 'node:events'
import { connect } from 'node:net'
import ssh2 from 'ssh2'
import { expect, onTestFinished, test } from 'vitest'
import { quickenCipher } from '../../../electron/host/link/ssh-cipher.ts'
import { type FakeDeviceOptions, startFakeDevice } from '../../fixtures/ssh/fake-device.ts'

async function client(cipher: NonNullable<FakeDeviceOptions['cipher']>) {
  const fake = await startFakeDevice({ cipher })
  onTestFinished(() => fake.close())
  const made = new ssh2.Client()
  onTestFinished(() => void made.destroy())
  quickenCipher(made)
  made.connect({
    sock: connect(Number(new URL(fake.address).port), '127.0.0.1'),
    username: 'tech',
    authHandler: ['none'],
  })
  await once(made, 'ready')
  return made
}

const within = (made: object, ...names: readonly string[]) =>
  names.reduce<object>((inner, name) => Reflect.get(inner, name) as object, made)

// What is looked for inside of the package must be there: a new version that has it elsewhere would only be slow.
test.each(['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com'] as const)(
  '%s is ours from the first keys on',
  async (cipher) => {
    const made = await client(cipher)
    expect(within(made, '_protocol', '_cipher').constructor).toBe(Object)
    expect(within(made, '_protocol', '_decipher', '_decipherKey')).toMatchObject({ type: 'secret' })
    // More packets than a byte of the counter holds.
    const said = await new Promise<string>((resolve, reject) => {
      made.on('error', reject).on('close', () => reject(new Error('it was cut')))
      made.exec('wc -c', (error, channel) => {
        if (error) return reject(error)
        channel.on('data', (chunk: Buffer) => resolve(chunk.toString().trim()))
        for (let sent = 0; sent < 600; sent += 1) channel.write(Buffer.alloc(1000 + sent, sent))
        channel.end()
      })
    })
    expect(said).toBe(String((600 * (1000 + 1599)) / 2))
  },
)

test('any other cipher stays as it is', async () => {
  const made = await client('aes128-ctr')
  expect(within(made, '_protocol', '_cipher').constructor.name).toBe('GenericCipherNative')
})
