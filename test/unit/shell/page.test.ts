import { describe, expect, it } from 'vitest'
import packageJson from '../../../package.json' with { type: 'json' }
import { contentType, pageHeaders } from '../../../shared/page.ts'
import { pagePolicy } from '../../../shared/page-policy.ts'
import { VERSION } from '../../../shared/version.ts'

describe("the page's policy", () => {
  it('allows no foreign and no inline code, and connections only as named', () => {
    expect(pageHeaders("'none'")['content-security-policy']).toContain("connect-src 'none';")
    const policy = pagePolicy('ws://127.0.0.1:1')
    expect(policy).toContain('connect-src ws://127.0.0.1:1;')
    expect(policy).toMatch(/script-src 'self';/)
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
  })

  it('gives the browser no powers over devices', () => {
    const headers = pageHeaders("'none'")
    for (const feature of ['usb', 'serial', 'hid', 'camera']) {
      expect(headers['permissions-policy']).toContain(`${feature}=()`)
    }
  })
})

it.each([
  ['index.html', 'text/html; charset=utf-8'],
  ['assets/NotoSans.TTF', 'font/ttf'],
  ['x.js', 'text/javascript; charset=utf-8'],
  ['x.map', undefined],
  ['x.constructor', undefined],
  ['x', undefined],
  ['', undefined],
])('knows the type of %j', (path, type) => {
  expect(contentType(path)).toBe(type)
})

it('is the version of the package', () => {
  expect(VERSION).toBe(packageJson.version)
})
