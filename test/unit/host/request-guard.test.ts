import { describe, expect, it } from 'vitest'
import { judgeRequest } from '../../../electron/host/http/request-guard.ts'

const origin = 'http://127.0.0.1:4711'
const good = { method: 'GET', host: '127.0.0.1:4711', origin: undefined, fetchSite: undefined, isNavigation: false }

describe('a request to the loopback server', () => {
  it.each([
    ['a program', {}],
    ['our own page', { origin, fetchSite: 'same-origin' }],
    ['an address typed into a browser', { fetchSite: 'none' }],
    ['only the headers', { method: 'HEAD' }],
    ['a window that was led here', { fetchSite: 'cross-site', isNavigation: true }],
  ])('is answered: %s', (_, facts) => {
    expect(judgeRequest({ ...good, ...facts }, origin)).toBeNull()
  })

  it.each([
    ['method', { method: 'POST' }],
    ['method', { method: undefined }],
    ['host', { host: undefined }],
    ['host', { host: '' }],
    ['host', { host: 'evil.example:4711' }],
    ['host', { host: '127.0.0.1:4712' }],
    ['host', { host: '127.0.0.1:4711 ' }],
    ['host', { host: '[::1]:4711' }],
    ['origin', { origin: 'null' }],
    ['origin', { origin: '' }],
    ['origin', { origin: 'http://127.0.0.1:4712' }],
    ['origin', { origin: 'HTTP://127.0.0.1:4711' }],
    ['origin', { origin: 'file://' }],
    ['cross-site', { fetchSite: 'cross-site' }],
    ['origin', { origin: 'null', fetchSite: 'cross-site', isNavigation: true }],
    ['host', { host: 'evil.example:4711', isNavigation: true }],
    ['cross-site', { origin, fetchSite: 'same-site' }],
    ['cross-site', { fetchSite: 'same-origin, none' }],
  ])('is refused for its %s: %j', (why, facts) => {
    expect(judgeRequest({ ...good, ...facts }, origin)).toMatchObject({ why })
  })
})
