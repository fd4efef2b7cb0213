import { z } from 'zod'
import type { ArtifactFact } from '../../../../shared/model/artifact.ts'
import { unreadable } from '../source.ts'
import { readTar } from './tar.ts'

const Text = z.string().max(1000)
const Texts = z.array(Text).max(200)
/** A value or a list of them: both are in use for what an artifact depends on. */
const Depends = z.record(Text, z.union([Text, Texts]))

/** `header-info` (Mender artifact format 3). Members that are not known are passed over, as devices do. */
const HeaderInfo = z.object({
  payloads: z
    .array(z.object({ type: Text.nullable().optional() }))
    .min(1)
    .max(16),
  artifact_provides: z.object({ artifact_name: Text.min(1), artifact_group: Text.nullable().optional() }),
  artifact_depends: z.object({
    device_type: Texts.min(1),
    artifact_name: Texts.nullable().optional(),
    artifact_group: Texts.nullable().optional(),
  }),
})

/** `headers/NNNN/type-info`. */
const TypeInfo = z.object({
  type: Text.nullable().optional(),
  artifact_provides: z.record(Text, Text).nullable().optional(),
  artifact_depends: Depends.nullable().optional(),
  clears_artifact_provides: Texts.nullable().optional(),
})

export interface MenderHeader {
  readonly name: string
  readonly deviceTypes: readonly string[]
  readonly payloadTypes: readonly (string | null)[]
  readonly facts: readonly ArtifactFact[]
}

const MAX_MEMBER = 1024 * 1024
/** All of a header, unpacked: texts and scripts. */
export const MAX_HEADER = 32 * 1024 * 1024

/** Reads the unpacked `header.tar`. Its first member must be `header-info`. Throws `artifact.unreadable`. */
export async function readHeader(blocks: AsyncIterable<Uint8Array>): Promise<MenderHeader> {
  let info: z.infer<typeof HeaderInfo> | null = null
  const facts: ArtifactFact[] = []
  for await (const { name, size, bytes } of readTar(blocks)) {
    if (!info) {
      if (name !== 'header-info') throw unreadable('header-info-not-first', { name })
      info = parse(HeaderInfo, name, await textOf(bytes, size, name))
    } else if (/^headers\/\d{4}\/type-info$/.test(name)) {
      facts.push(...typeFacts(parse(TypeInfo, name, await textOf(bytes, size, name))))
    } else if (name.startsWith('scripts/')) {
      facts.push({ name: 'script', value: name.slice('scripts/'.length) })
    } else if (!/^headers\/\d{4}\/(?:meta-data|files)$/.test(name)) {
      throw unreadable('header-member', { name })
    }
  }
  if (!info) throw unreadable('no-header-info')
  const { artifact_provides: provides, artifact_depends: depends, payloads } = info
  return {
    name: provides.artifact_name,
    deviceTypes: depends.device_type,
    payloadTypes: payloads.map(({ type }) => type ?? null),
    facts: [
      ...payloads.map(({ type }) => ({ name: 'payload-type' as const, value: type ?? '-' })),
      ...(provides.artifact_group ? [fact('provides', `artifact_group = ${provides.artifact_group}`)] : []),
      ...(depends.artifact_name ?? []).map((name) => fact('needs', `artifact_name = ${name}`)),
      ...(depends.artifact_group ?? []).map((group) => fact('needs-group', group)),
      ...facts,
    ],
  }
}

function typeFacts(info: z.infer<typeof TypeInfo>): ArtifactFact[] {
  return [
    ...Object.entries(info.artifact_provides ?? {}).map(([name, value]) => fact('provides', `${name} = ${value}`)),
    ...Object.entries(info.artifact_depends ?? {}).map(([name, value]) =>
      fact('needs', `${name} = ${typeof value === 'string' ? value : value.join(' | ')}`),
    ),
    ...(info.clears_artifact_provides ?? []).map((pattern) => fact('clears', pattern)),
  ]
}

function fact(name: ArtifactFact['name'], value: string): ArtifactFact {
  return { name, value }
}

function parse<T>(schema: z.ZodType<T>, name: string, text: string): T {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    throw unreadable('header-json', { name })
  }
}

async function textOf(bytes: AsyncIterable<Uint8Array>, size: number, name: string): Promise<string> {
  if (size > MAX_MEMBER) throw unreadable('header-too-long', { name })
  const parts: Uint8Array[] = []
  for await (const part of bytes) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}
