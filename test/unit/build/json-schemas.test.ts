import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { jsonSchemas } from '../../../build/json-schemas.ts'
import { ROOT } from '../../../build/launcher/build.ts'

const folder = join(ROOT, 'build', 'schemas')

test('the JSON Schemas are those of the models; `node build/schemas.mjs` writes them anew', () => {
  const made = jsonSchemas()
  expect(readdirSync(folder).toSorted()).toEqual([...made.keys()].toSorted())
  for (const [name, text] of made)
    expect(JSON.parse(readFileSync(join(folder, name), 'utf8'))).toEqual(JSON.parse(text))
})

test('they say what is refused and what is ignored: strange fields of a plan, and of a profile', () => {
  const schema = (name: string) =>
    JSON.parse(jsonSchemas().get(`${name}.schema.json`) ?? 'null') as Record<string, unknown>
  expect(schema('plan')).toMatchObject({
    title: 'slipway.plan/1',
    additionalProperties: false,
    properties: { format: { const: 'slipway.plan/1' } },
  })
  expect(schema('plan').required).toContain('expires')
  // What has a default need not be written.
  expect(schema('plan').required).not.toContain('holds')
  expect(schema('profile')).not.toHaveProperty('additionalProperties')
})
