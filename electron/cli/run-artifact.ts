import { basename, resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import type { Inspection } from '../../shared/contract/artifacts.ts'
import type { SlipwayContract } from '../../shared/contract/index.ts'
import { AppError, isAppError } from '../../shared/errors.ts'
import type { SignerKey } from '../../shared/model/profile.ts'
import type { Connection } from '../../shared/rpc/client.ts'
import { EXIT } from './exit-code.ts'
import type { Session } from './session.ts'

interface InspectOptions {
  readonly key: readonly string[]
}
interface ConvertOptions {
  readonly fill: number
  readonly family?: number
}

/** `slipway artifact ...`: what a file is. Needs no host; one that runs adds what its trusted profiles say. */
export function addArtifactCommands(
  program: Command,
  session: () => Session,
  running: () => Promise<Connection<SlipwayContract>>,
): void {
  const artifact = program.command('artifact').summary('what a file is, before any device is touched')
  artifact
    .command('inspect')
    .summary('kind, version, hardware, needs, and whether its own signature fits')
    .argument('<file>')
    .option(
      '--key <file>',
      'a public key or certificate (PEM) that may have signed it; may be given several times',
      collect,
      [],
    )
    .action(async (file: string, { key }: InspectOptions) => {
      const path = resolve(file)
      const found = key.length > 0 ? null : await byHost(path, running, session().signal)
      const inspection = found ?? (await here(path, await signers(key, session()), session().signal))
      session().print.value('artifacts.inspectFile', inspection)
      if (isTrouble(inspection, key.length > 0)) session().exit(EXIT.trust)
    })
  artifact
    .command('convert')
    .summary('the bytes that go into memory, as one raw file; gaps are told and filled')
    .argument('<file>', 'S-records, Intel HEX, UF2, DFU or DfuSe')
    .argument('<out>')
    .option('--fill <byte>', 'what fills gaps', byteOf, 0xff)
    .option('--family <id>', 'which chips, for a UF2 file that is for several', numberOf)
    .action(async (file: string, out: string, options: ConvertOptions) => {
      const { convert } = await import('../host/artifact/convert.ts')
      const result = await convert(resolve(file), resolve(out), options, session().signal)
      session().print.value('artifact.convert', { ...result, address: addressOf(result.address) })
    })
}

/** Null when no host runs: one is not started for this. */
async function byHost(
  path: string,
  running: () => Promise<Connection<SlipwayContract>>,
  signal: AbortSignal,
): Promise<Inspection | null> {
  try {
    const { client } = await running()
    return await client.artifacts.inspectFile({ path }, { signal })
  } catch (error) {
    if (isAppError(error, 'host.unavailable')) return null
    throw error
  }
}

async function here(path: string, keys: readonly SignerKey[], signal: AbortSignal): Promise<Inspection> {
  const [{ openFile }, { explain }] = await Promise.all([
    import('../host/artifact/file-source.ts'),
    import('../host/artifact/inspection.ts'),
  ])
  const file = await openFile(path, signal)
  try {
    const explained = await explain(file, keys)
    return { name: basename(path), bytes: file.length, ...explained, published: [], plans: [], types: [] }
  } finally {
    await file.close()
  }
}

async function signers(files: readonly string[], { io }: Session): Promise<SignerKey[]> {
  if (files.length === 0) return []
  const { signersOf } = await import('../host/artifact/pem-signers.ts')
  const found: SignerKey[] = []
  for (const file of files) {
    const keys = signersOf(new TextDecoder().decode(await io.read(file)), basename(file))
    if (keys.length === 0) throw new AppError('file.unreadable', { detail: { path: file } })
    found.push(...keys)
  }
  return found
}

/** With keys given the question is whether one of them signed it; without, whether the file is sound. */
function isTrouble({ facts }: Inspection, keysGiven: boolean): boolean {
  return !facts || facts.signature === 'bad' || (keysGiven && facts.signature !== 'good')
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}

function numberOf(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new InvalidArgumentError('Not a number.')
  }
  return value
}

function byteOf(text: string): number {
  const value = numberOf(text)
  if (value > 0xff) throw new InvalidArgumentError('Not a byte.')
  return value
}

function addressOf(address: number | null): string | null {
  return address === null ? null : `0x${address.toString(16).padStart(8, '0')}`
}
