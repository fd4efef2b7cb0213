/** `node build/schemas.mjs`: writes the JSON Schemas of our documents for other tools, from the models. */

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ensureNode } from './node-runtime.mjs'

await ensureNode(import.meta.url)
const { jsonSchemas } = await import('./json-schemas.ts')
const folder = fileURLToPath(new URL('schemas/', import.meta.url))
mkdirSync(folder, { recursive: true })
for (const name of readdirSync(folder)) rmSync(`${folder}${name}`)
for (const [name, text] of jsonSchemas()) writeFileSync(`${folder}${name}`, text)
