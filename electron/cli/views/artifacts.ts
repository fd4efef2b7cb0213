import { english } from '../../../renderer/text/words-of.ts'
import type { Inspection } from '../../../shared/contract/artifacts.ts'
import { list, table } from '../table.ts'
import type { ViewOptions, Views } from './types.ts'
import { blocks, reason } from './words.ts'

const words = english.artifact
const SIGNATURES = {
  none: 'none',
  'not-checked': 'there; no key to check it with',
  good: 'good',
  bad: 'DOES NOT FIT',
  'unknown-signer': 'by an unknown key',
} as const

export const artifactViews: Views = {
  'artifacts.inspect': inspection,
  'artifacts.inspectFile': inspection,
  'artifacts.part': ({ received, inspection: found }, options) =>
    found ? inspection(found, options) : `${received} bytes received.`,
}

export function inspection(found: Inspection, options: ViewOptions): string {
  const { name, bytes, sha256, kind, facts, trouble, published, plans, types } = found
  return blocks(
    list([
      ['File', name],
      ['Kind', words[`kind-${kind}`]],
      ['Size', options.formats.bytes(bytes)],
      ['SHA-256', sha256],
      ...(trouble ? [['Trouble', `${reason(trouble, options)} (${detailOf(trouble.detail)})`] as const] : []),
      ...(facts
        ? [
            ['Version', facts.version ?? '-'] as const,
            ['For hardware', facts.hardware.join(', ') || '-'] as const,
            ['Signature', `${SIGNATURES[facts.signature]}${facts.signer === null ? '' : `: ${facts.signer}`}`] as const,
            ...facts.facts.map((fact) => [words[`fact-${fact.name}`], fact.value] as const),
          ]
        : []),
    ]),
    table(
      ['published as', 'component', 'version', 'for'],
      published.map(({ target, component, version, deviceTypes }) => [
        target,
        component,
        version,
        deviceTypes.join(', '),
      ]),
    ),
    table(
      ['plan', 'title'],
      plans.map(({ id, title }) => [id, title]),
    ),
    table(
      ['device type', 'title', 'signature', 'why not'],
      types.map((type) => [
        type.type,
        type.title,
        `${SIGNATURES[type.signature]}${type.signer === null ? '' : `: ${type.signer}`}`,
        reason(type.refused, options),
      ]),
    ),
  )
}

function detailOf(detail: Readonly<Record<string, unknown>>): string {
  return Object.entries(detail)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ')
}
