/**
 * A package of 200 MB to the real SWUpdate daemon, from the first byte to its verdict: by the console's driver, which
 * verifies each block again as it goes out, and by `curl`, with somebody listening for the same verdict. In turns, 7 rounds.
 * What is sent and what is installed lies in memory: a disk that writes back hits whoever comes next. Prints how much
 * memory the driver took. Last line: our time divided by that of the `curl` beside it, median of the rounds.
 */

import { execFile, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { inspect } from '../../electron/host/artifact/inspect.ts'
import { createHasher, hashBlocks } from '../../electron/host/crypto/hash.ts'
import { randomBytes } from '../../electron/host/crypto/random.ts'
import type { Image } from '../../electron/host/device/driver.ts'
import { swupdateDriver } from '../../electron/host/device/drivers/swupdate/driver.ts'
import type { HttpLink } from '../../electron/host/link/link.ts'
import { SwupdateClient } from '../../electron/host/protocol/swupdate/client.ts'
import { parseMessage } from '../../electron/host/protocol/swupdate/messages.ts'
import { ArtifactReader } from '../../electron/host/sync/artifact-store-reader.ts'
import { never, openDevice, watched } from '../fixtures/devices/bench.ts'
import { inTurns, median } from '../fixtures/in-turns.ts'
import { type SwupdateDaemon, startSwupdate } from '../peers/swupdate/daemon.ts'

const MB = 1_000_000
const SIZE = 200 * MB
const ROUNDS = 7
/** The project's own limit for what an upload of any size may add to the host, bytes. */
const MAX_GROWTH = 150 * MB

if (existsSync('/dev/shm')) process.env.TMPDIR = '/dev/shm'
const daemon = await startSwupdate({ login: false })
try {
  const path = await makePackage(daemon)
  const hashes = await hashBlocks(path)
  const reader = await ArtifactReader.open(path, hashes)
  const facts = await inspect(reader, 'swu', [])
  const image: Image = {
    component: 'system',
    index: 0,
    name: 'artifacts/large.swu',
    version: '2.0.0',
    length: reader.length,
    sha256: reader.sha256,
    deviceHash: null,
    facts,
    permanent: false,
    read: (offset, length, into) => reader.read(offset, length, into),
  }
  const rounds = await inTurns(
    ROUNDS,
    () => byCurl(daemon, path),
    () => byDriver(daemon, image),
  )
  await reader.close()
  const growth = Math.max(...rounds.map(({ ours }) => ours.growth))
  const rate = (times: readonly number[]) =>
    `${median(times).toFixed(2)} s, ${Math.round(SIZE / MB / median(times))} MB/s`
  const cpu = median(rounds.map(({ ours }) => ours.cpu)).toFixed(2)
  console.log(`curl: ${rate(rounds.map(({ theirs }) => theirs))}`)
  console.log(`driver: ${rate(rounds.map(({ ours }) => ours.seconds))}, ${cpu} s of them computing`)
  console.log(`memory: grew by ${Math.round(growth / MB)} MB (at most ${MAX_GROWTH / MB})`)
  if (growth > MAX_GROWTH) process.exitCode = 1
  console.log(`swupdate-upload ratio=${median(rounds.map(({ ours, theirs }) => ours.seconds / theirs)).toFixed(2)}`)
} finally {
  await daemon.close()
}

async function byDriver(
  target: SwupdateDaemon,
  image: Image,
): Promise<{ seconds: number; growth: number; cpu: number }> {
  const driver = swupdateDriver()
  const device = await openDevice(target.address, 'acme-winch')
  const before = process.memoryUsage.rss()
  let peak = before
  const look = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 20)
  const began = performance.now()
  const cpuBefore = process.cpuUsage()
  await driver.write(device, image, watched(), never)
  const seconds = (performance.now() - began) / 1000
  clearInterval(look)
  const { user, system } = process.cpuUsage(cpuBefore)
  await device.link.close()
  await idle(target)
  return { seconds, growth: peak - before, cpu: (user + system) / 1e6 }
}

async function byCurl(target: SwupdateDaemon, path: string): Promise<number> {
  const device = await openDevice(target.address, 'acme-winch')
  const socket = await new SwupdateClient(device.link as HttpLink, null).messages(never)
  const began = performance.now()
  const verdict = (async () => {
    for (;;) {
      const message = parseMessage((await socket.receive(never)) ?? '')
      if (message?.type !== 'status') continue
      if (message.status === 'FAILURE') throw new Error(`the daemon refused it:\n${target.log().slice(-2000)}`)
      if (message.status === 'SUCCESS') return
    }
  })()
  // `Expect: 100-continue` is never answered, and costs a second.
  const sent = promisify(execFile)('curl', [
    '--silent',
    '--show-error',
    '--header',
    'Expect:',
    '--form',
    `file=@${path}`,
    `${target.address}/upload`,
  ])
  await Promise.all([verdict, sent])
  const seconds = (performance.now() - began) / 1000
  socket.close()
  await device.link.close()
  await idle(target)
  return seconds
}

/** It takes nothing new for a moment after its verdict. */
async function idle(target: SwupdateDaemon): Promise<void> {
  while (!/Waiting for requests\.\.\.\s*$/.test(target.log())) await sleep(100)
}

/** Too large to be made in memory: this process is measured. */
async function makePackage({ dir, slot, signer }: SwupdateDaemon): Promise<string> {
  const hasher = createHasher()
  const file = createWriteStream(join(dir, 'rootfs.img'))
  for (let made = 0; made < SIZE; made += MB) {
    const block = randomBytes(MB)
    hasher.update(block)
    if (!file.write(block)) await once(file, 'drain')
  }
  file.end()
  await finished(file)
  const description = `software = { version = "2.0.0"; hardware-compatibility: [ "1.2" ];
  images: ( { filename = "rootfs.img"; device = "${slot}"; type = "raw"; sha256 = "${hasher.hex()}"; } ); }\n`
  writeFileSync(join(dir, 'sw-description'), description)
  writeFileSync(join(dir, 'sw-description.sig'), signer.sign(Buffer.from(description)))
  const names = 'sw-description\nsw-description.sig\nrootfs.img\n'
  execFileSync('cpio', ['-o', '-H', 'crc', '--quiet', '-O', 'large.swu'], { cwd: dir, input: names })
  rmSync(join(dir, 'rootfs.img'))
  return join(dir, 'large.swu')
}
