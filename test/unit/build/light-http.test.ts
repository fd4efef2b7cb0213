import { expect, it } from 'vitest'
import { withoutFace } from '../../../build/light-http.ts'

const face = 'process.getBuiltinModule("node:http")'

it.each([
  ['import http from "node:http";', `const http = ${face};`],
  ['import * as http$1 from "http";', `const http$1 = ${face};`],
  ['import { Agent, request as ask } from "node:http";', `const { Agent, request: ask } = ${face};`],
  ['import http, { Agent } from "node:http";', `const http = ${face}; const { Agent } = ${face};`],
])('%s becomes a look-up', (statement, lookUp) => {
  const around = (text: string) => `import { a } from "./a.js";\n${text}\nconst b = 1;\n`
  expect(withoutFace(around(statement))).toBe(around(lookUp))
})

it.each([
  'import { request } from "node:https";',
  'import http2 from "node:http2";',
  'import { a } from "./http";',
  'const text = `import http from "node:http";`;',
  'import "node:http";',
])('%s is left alone', (statement) => {
  expect(withoutFace(`${statement}\n`)).toBe(`${statement}\n`)
})

it('looks up what an import would have bound', async () => {
  const source = withoutFace('import http, { Agent as A } from "node:http";\nexport { http, A };\n')
  const made = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as Record<string, unknown>
  const { default: http, Agent } = await import('node:http')
  expect(made).toMatchObject({ http, A: Agent })
})
