import type { Examination, Finding } from '../../shared/contract/doctor.ts'
import type { Say } from './say.ts'
import type { TextKey } from './words-of.ts'

export interface FindingText {
  readonly seen: string
  readonly todo: string
}

/** What a finding says: what was seen, and what to do. Its facts cross as they are; a text names those it shows. */
export function findingText({ code, detail }: Finding, say: Say): FindingText {
  const facts = detail as Readonly<Record<string, string | number | boolean | null>>
  const speak = say as (key: TextKey, facts: Readonly<Record<string, string | number | boolean | null>>) => string
  return { seen: speak(`doctor.${code}`, facts), todo: speak(`doctor.${code}-do`, facts) }
}

/** All of an examination as plain text, to be read out, sent or kept. */
export function doctorReport({ address, at, platform, findings, rule }: Examination, say: Say): string {
  const head = address === null ? say('doctor.ofAll') : say('doctor.of', { address })
  const blocks = findings.map((finding) => {
    const { seen, todo } = findingText(finding, say)
    return `[${say(`doctor.level-${finding.level}`)}] ${seen}\n  ${todo}\n  (${finding.code})`
  })
  const ruleBlock = rule ? [`${say('doctor.ruleFile', { file: rule.file })}\n${rule.text.trimEnd()}`] : []
  return [`${head}\n${say('doctor.at', { at, platform })}`, ...blocks, ...ruleBlock].join('\n\n')
}
