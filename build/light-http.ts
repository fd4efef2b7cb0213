import type { Plugin } from 'vite'

/** `import http, { get as fetch } from "node:http";` as bundlers write it: one statement, one line. */
const IMPORT = /^import (?:([\w$]+))?(?:, )?(?:\{([^}]*)\}|\* as ([\w$]+))? ?from "(?:node:)?http";$/gm

/**
 * Gets `node:http` without its ES module face. Making that face reads every export of the module, and
 * three of them (`WebSocket` among them) load the whole of undici when they are looked at: a good part of
 * the time that Node itself takes to start.
 */
export function lightHttp(): Plugin {
  return {
    name: 'slipway:light-http',
    renderChunk: (code) => {
      const lighter = withoutFace(code)
      return lighter === code ? null : { code: lighter, map: null }
    },
  }
}

export function withoutFace(code: string): string {
  return code.replaceAll(IMPORT, (_, name?: string, names?: string, namespace?: string) => {
    const from = 'process.getBuiltinModule("node:http")'
    const whole = [name, namespace].filter((local) => local !== undefined).map((local) => `const ${local} = ${from};`)
    // `import { a as b }` is `const { a: b }`.
    const some = names === undefined ? [] : [`const {${names.replaceAll(/ as /g, ': ')}} = ${from};`]
    return [...whole, ...some].join(' ')
  })
}
