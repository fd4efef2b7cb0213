/**
 * 200 MB to the real OpenSSH server: by the console's link, which verifies each block again as it goes out and ends only
 * when the device has the file durably under its name, and by `scp`. In turns, 7 rounds. The file and its copies lie in
 * memory: what is measured is the way between. Prints how much memory the link took. Last line: our time divided by that of
 * the `scp` beside it, median of the rounds.
 */

import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { promisify } from 'node:util'
import { hashBlocks } from '../../electron/host/crypto/hash.ts'
import { randomBytes } from '../../electron/host/crypto/random.ts'
import type { FileSource, SshLink } from '../../electron/host/link/link.ts'
import { sshOpener } from '../../electron/host/link/ssh.ts'
import { ArtifactReader } from '../../electron/host/sync/artifact-store-reader.ts'
import { never, watched } from '../fixtures/devices/bench.ts'
import { inTurns, median } from '../fixtures/in-turns.ts'
import { type Sshd, startSshd } from '../fixtures/ssh/sshd.ts'

const MB = 1_000_000
const SIZE = 200 * MB
const ROUNDS = 7
/** The project's own limit for what an upload of any size may add to the host, bytes. */
const MAX_GROWTH = 150 * MB

const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'slipway-ssh-upload-'))
const sshd = await startSshd(join(folder, 'ssh'))
try {
  const path = await makeFile(join(folder, 'large.raucb'))
  const reader = await ArtifactReader.open(path, await hashBlocks(path))
  const source: FileSource = {
    length: reader.length,
    sha256: reader.sha256,
    read: (offset, length, into) => reader.read(offset, length, into),
  }
  const rounds = await inTurns(
    ROUNDS,
    () => byScp(sshd, path, join(folder, 'by-scp')),
    () => byLink(sshd, source, join(folder, 'by-link')),
  )
  await reader.close()
  const growth = Math.max(...rounds.map(({ ours }) => ours.growth))
  const rate = (times: readonly number[]) =>
    `${median(times).toFixed(2)} s, ${Math.round(SIZE / MB / median(times))} MB/s`
  const cpu = median(rounds.map(({ ours }) => ours.cpu)).toFixed(2)
  console.log(`scp: ${rate(rounds.map(({ theirs }) => theirs))}`)
  console.log(`link: ${rate(rounds.map(({ ours }) => ours.seconds))}, ${cpu} s of them computing`)
  console.log(`memory: grew by ${Math.round(growth / MB)} MB (at most ${MAX_GROWTH / MB})`)
  if (growth > MAX_GROWTH) process.exitCode = 1
  console.log(`ssh-upload ratio=${median(rounds.map(({ ours, theirs }) => ours.seconds / theirs)).toFixed(2)}`)
} finally {
  await sshd.close()
  rmSync(folder, { recursive: true, force: true })
}

/** From nothing to the durable file: the connection is part of it, as it is for `scp`. */
async function byLink({ address, access }: Sshd, source: FileSource, target: string) {
  const before = process.memoryUsage.rss()
  let peak = before
  const look = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 20)
  const began = performance.now()
  const cpuBefore = process.cpuUsage()
  const link = (await sshOpener().open(address, { ssh: access }, never)) as SshLink
  await link.upload(target, source, watched(), never)
  await link.close()
  const seconds = (performance.now() - began) / 1000
  clearInterval(look)
  const { user, system } = process.cpuUsage(cpuBefore)
  await checkAndRemove(target, source.sha256)
  return { seconds, growth: peak - before, cpu: (user + system) / 1e6 }
}

async function byScp({ address, port, files }: Sshd, path: string, target: string): Promise<number> {
  const [, user] = /^ssh:\/\/([^@]+)@/.exec(address) ?? []
  const began = performance.now()
  await promisify(execFile)('scp', [
    '-q',
    '-F',
    'none',
    '-P',
    String(port),
    '-i',
    files.clientKey,
    '-o',
    `UserKnownHostsFile=${files.knownHosts}`,
    '-o',
    'IdentitiesOnly=yes',
    path,
    `${user}@127.0.0.1:${target}`,
  ])
  const seconds = (performance.now() - began) / 1000
  rmSync(target)
  return seconds
}

async function checkAndRemove(target: string, sha256: string): Promise<void> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(target)) hash.update(chunk as Buffer)
  if (hash.digest('hex') !== sha256) throw new Error('the copy differs')
  rmSync(target)
}

/** Too large to be made in memory: this process is measured. */
async function makeFile(path: string): Promise<string> {
  const file = createWriteStream(path)
  for (let made = 0; made < SIZE; made += MB) {
    const block = randomBytes(MB)
    if (!file.write(block)) await once(file, 'drain')
  }
  file.end()
  await finished(file)
  return path
}
