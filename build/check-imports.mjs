/**
 * Runs dependency-cruiser over the product and fails on a broken rule, and also when it saw hardly
 * any modules: with a compiler it cannot load it sees none and calls that "no violations".
 */

import { readdirSync } from 'node:fs'
import { cruise } from 'dependency-cruiser'
import rules from './dependency-rules.cjs'

const ROOTS = ['shared', 'electron', 'renderer', 'test']
const isSource = (name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts')
const sources = ROOTS.flatMap((root) => readdirSync(root, { recursive: true }).filter(isSource))

const { output } = await cruise(ROOTS, {
  ruleSet: { forbidden: rules.forbidden },
  validate: true,
  ...rules.options,
  outputType: 'json',
})
const { summary, modules } = JSON.parse(output)
const seen = modules.filter(({ source }) => ROOTS.includes(source.split('/')[0]) && isSource(source)).length

for (const { rule, from, to } of summary.violations) {
  console.error(`${rule.severity} ${rule.name}: ${from} -> ${to}`)
}
console.log(
  `imports: ${seen} of ${sources.length} modules, ${summary.totalDependenciesCruised} dependencies, ${summary.error} errors`,
)
if (seen < sources.length) {
  console.error('imports: some modules were not seen; the rules prove nothing')
  process.exit(1)
}
process.exit(summary.error > 0 ? 1 : 0)
