import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { connect as connectTcp } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket as RawSocket } from 'ws'
import { HostAddress } from '../../shared/host-address.ts'
import { eventually } from '../fixtures/eventually.ts'
import { connectTo, type HostProcess, HostProcesses } from '../fixtures/fake-host/process.ts'

const processes = new HostProcesses()
let dataDir: string
beforeEach(() => {
  dataDir = processes.folder()
})
afterEach(() => processes.cleanUp())

const hostFile = () => join(dataDir, 'run', 'host.json')
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)

/** A request exactly as written: no client tidies up its path or its headers. */
async function get(port: number, path: string, headers: Record<string, string> = {}, method = 'GET') {
  const call = request({ host: '127.0.0.1', port, path, method, headers, agent: false })
  call.end()
  const [response] = (await once(call, 'response')) as [IncomingMessage]
  let body = ''
  for await (const chunk of response) body += String(chunk)
  return { status: response.statusCode, headers: response.headers, body }
}

/** The status with which an upgrade is refused, or 101. */
function upgradeStatus(port: number, headers: Record<string, string>, path = '/rpc'): Promise<number> {
  const socket = new RawSocket(`ws://127.0.0.1:${port}${path}`, { headers })
  return new Promise((resolve) => {
    socket.on('unexpected-response', (_, response) => {
      socket.terminate()
      resolve(response.statusCode ?? 0)
    })
    socket.on('open', () => {
      socket.terminate()
      resolve(101)
    })
    socket.on('error', () => {})
  })
}

describe('a headless host', () => {
  it('says where it is in a private file, and answers there', async () => {
    const { address, child } = await processes.start(dataDir)
    expect(HostAddress.parse(JSON.parse(readFileSync(hostFile(), 'utf8')))).toEqual(address)
    expect(address.pid).toBe(child.pid)
    expect(Buffer.from(address.token, 'base64url')).toHaveLength(32)
    expect(mode(hostFile())).toBe('600')
    expect(mode(join(dataDir, 'run'))).toBe('700')

    const { client } = await connectTo(address)
    await expect(client.app.info(null)).resolves.toMatchObject({ dataDir, mode: 'normal' })
    const seen: number[] = []
    client.app.state(null, { value: (state) => seen.push(state.now) })
    await eventually(() => expect(seen.length).toBeGreaterThan(2))
  })

  it('wants its token', async () => {
    const { address } = await processes.start(dataDir)
    for (const token of ['', 'A'.repeat(43), `${address.token}A`, address.token.slice(0, -1)]) {
      await expect(connectTo(address, token)).rejects.toMatchObject({ code: 'rpc.unauthorised' })
    }
    await expect(connectTo(address)).resolves.toBeDefined()
  })

  it('refuses other origins, and names that were pointed at 127.0.0.1', async () => {
    const { address } = await processes.start(dataDir)
    const { port, origin } = address
    const host = `127.0.0.1:${port}`
    const refused: [number, Record<string, string>][] = [
      [403, { host, origin: 'https://evil.example' }],
      [403, { host, origin: 'null' }],
      [403, { host, origin: `http://127.0.0.1:${port + 1}` }],
      [403, { host, origin: `https://127.0.0.1:${port}` }],
      [403, { host, origin: `${origin}.evil.example` }],
      [403, { host, 'sec-fetch-site': 'cross-site' }],
      [403, { host, 'sec-fetch-site': 'same-site' }],
      [421, { host: `evil.example:${port}`, origin: `http://evil.example:${port}` }],
      [421, { host: `localhost:${port}` }],
      [421, { host: '127.0.0.1' }],
      [421, { host: `127.0.0.1:${port}.evil.example` }],
    ]
    for (const [status, headers] of refused) {
      const page = await get(port, '/', headers)
      const answers = { headers, rpc: await upgradeStatus(port, headers), page: page.status }
      expect(answers).toEqual({ headers, rpc: status, page: status })
    }
    expect(await upgradeStatus(port, { host, origin })).toBe(101)
    expect(await upgradeStatus(port, { host })).toBe(101)
    expect(await upgradeStatus(port, { host, origin }, '/other')).toBe(404)
    expect((await get(port, '/', { host }, 'POST')).status).toBe(405)
    expect(readFileSync(join(dataDir, 'logs', 'host.log'), 'utf8')).toContain('evil.example')
  })

  it('serves the built page and nothing else', async () => {
    const page = processes.folder()
    mkdirSync(join(page, 'assets'))
    writeFileSync(join(page, 'index.html'), '<!doctype html><title>Slipway</title>')
    writeFileSync(join(page, 'assets', 'app-1.js'), 'export {}')
    writeFileSync(join(page, 'notes.exe'), 'not for the web')
    writeFileSync(join(dataDir, 'secret.js'), 'secret')
    symlinkSync(join(dataDir, 'secret.js'), join(page, 'link.js'))
    const { port } = (await processes.start(dataDir, ['--page', page])).address

    const index = await get(port, '/')
    expect(index).toMatchObject({ status: 200, body: '<!doctype html><title>Slipway</title>' })
    expect(index.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
    })
    const policy = String(index.headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain(`connect-src ws://127.0.0.1:${port};`)
    expect(policy).not.toContain('unsafe-eval')
    expect((await get(port, '/assets/app-1.js')).headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect(await get(port, '/assets/app-1.js', {}, 'HEAD')).toMatchObject({ status: 200, body: '' })

    const relative = `/../${dataDir.split('/').at(-1)}/secret.js`
    for (const path of [
      relative,
      relative.replaceAll('..', '%2e%2e'),
      relative.replaceAll('/', '%2f'),
      relative.replaceAll('/', '\\'),
      `/assets/..${relative}`,
      `//${dataDir}/secret.js`,
      '/link.js',
      '/notes.exe',
      '/assets',
      '/assets/',
      '/index.html%00.js',
      '/INDEX.HTML',
      '/__proto__',
    ]) {
      const { status, body } = await get(port, path)
      expect({ path, refused: status === 404 || status === 400, body }).toEqual({ path, refused: true, body: '' })
    }
  })

  it('listens on 127.0.0.1 alone', async () => {
    const { port } = (await processes.start(dataDir)).address
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .map(({ address }) => address)
      .filter((address) => address !== '127.0.0.1' && !address.startsWith('fe80'))
    for (const host of [...others, '127.0.0.2']) {
      const socket = connectTcp({ host, port })
      const outcome = await Promise.race([
        once(socket, 'connect').then(() => 'connected'),
        once(socket, 'error').then(() => 'refused'),
      ]).catch(() => 'refused')
      socket.destroy()
      expect({ host, outcome }).toEqual({ host, outcome: 'refused' })
    }
  })

  it('cuts off a message beyond all measure, and others notice nothing', async () => {
    const { address } = await processes.start(dataDir)
    const friend = await connectTo(address)
    const socket = new RawSocket(`ws://127.0.0.1:${address.port}/rpc`)
    await once(socket, 'open')
    socket.send('x'.repeat(13_000_000))
    socket.on('error', () => {})
    const [code] = (await once(socket, 'close')) as [number]
    expect([1006, 1009]).toContain(code)
    await expect(friend.client.app.info(null)).resolves.toMatchObject({ dataDir })
  })

  it('writes neither token nor passphrase into its log', async () => {
    const { address } = await processes.start(dataDir)
    const { client } = await connectTo(address)
    await client.people.signIn({ operator: 'anna', passphrase: 'a secret passphrase' }).catch(() => {})
    await expect(client.runs.start({ plan: 'broken', device: 'x' })).rejects.toBeDefined()
    await get(address.port, `/?${address.token}`, { origin: `http://${address.token}` })
    const log = readFileSync(join(dataDir, 'logs', 'host.log'), 'utf8')
    expect(log).toContain('request refused')
    expect(log).not.toContain(address.token)
    expect(log).not.toContain('a secret passphrase')
    expect(mode(join(dataDir, 'logs', 'host.log'))).toBe('600')
  })
})

describe('the life of a headless host', () => {
  const ending = async ({ exited }: HostProcess) => ({ code: await exited, hostFile: existsSync(hostFile()) })
  const inOrder = { code: 0, hostFile: false }

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('ends in order on %s, and its clients hear it', async (signal) => {
    const running = await processes.start(dataDir)
    const { closed } = await connectTo(running.address)
    running.child.kill(signal)
    await closed
    expect(await ending(running)).toEqual(inOrder)
  })

  it('ends in order when the program that started it says so', async () => {
    const running = await processes.start(dataDir)
    running.child.send('end')
    expect(await ending(running)).toEqual(inOrder)
  })

  it('ends with the program that started it, when asked to', async () => {
    const running = await processes.start(dataDir, ['--with-parent'])
    running.child.disconnect()
    expect(await ending(running)).toEqual(inOrder)
  })

  it('outlives the program that started it otherwise', async () => {
    const running = await processes.start(dataDir)
    running.child.disconnect()
    const { client } = await connectTo(running.address)
    await expect(client.app.info(null)).resolves.toBeDefined()
  })

  it('lets no second host into its folder', async () => {
    const first = await processes.start(dataDir)
    const second = await processes.start(dataDir)
    expect(second.report).toMatchObject({ type: 'failed', error: { code: 'host.already-running' } })
    expect(await second.exited).toBe(1)
    expect(JSON.parse(readFileSync(hostFile(), 'utf8'))).toEqual(first.address)
    await expect(connectTo(first.address)).resolves.toBeDefined()
  })

  it('leaves nothing in the way when it is killed', async () => {
    const first = await processes.start(dataDir)
    first.child.kill('SIGKILL')
    await first.exited
    expect(existsSync(hostFile())).toBe(true)
    const second = await processes.start(dataDir)
    expect(JSON.parse(readFileSync(hostFile(), 'utf8'))).toEqual(second.address)
    expect(second.address.token).not.toBe(first.address.token)
    await expect(connectTo({ ...second.address, token: first.address.token })).rejects.toMatchObject({
      code: 'rpc.unauthorised',
    })
  })

  it('ends by itself once nobody needs it, and not before', async () => {
    const running = await processes.start(dataDir, ['--idle-exit', '1'])
    const connection = await connectTo(running.address)
    await new Promise((resolve) => setTimeout(resolve, 2500))
    await expect(connection.client.app.info(null)).resolves.toBeDefined()
    connection.close()
    expect(await ending(running)).toEqual(inOrder)
  })

  it('says what is wrong with its port', async () => {
    const { address } = await processes.start(dataDir)
    const second = await processes.start(processes.folder(), ['--port', String(address.port)])
    expect(second.report).toMatchObject({
      type: 'failed',
      error: { code: 'host.unavailable', detail: { port: address.port } },
    })
  })
})
