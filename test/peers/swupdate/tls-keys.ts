import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A device maker's authority, and what a device's web server has of it. */
export interface TlsKeys {
  /** PEM, for a profile. */
  readonly ca: string
  readonly certificate: string
  readonly key: string
}

/** Makes an authority and a server certificate by the `openssl` program. `names`: as `IP:127.0.0.1`, `DNS:winch.acme.test`. */
export function makeTls(dir: string, label: string, names: readonly string[], days = 30): TlsKeys {
  const path = (end: string) => join(dir, `${label}.${end}`)
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
  const [caKey, ca] = [path('ca.key'), path('ca.pem')]
  openssl('req', '-x509', ...curve, '-days', '30', '-keyout', caKey, '-out', ca, '-subj', `/CN=${label} authority`)
  const [key, request, certificate] = [path('key'), path('csr'), path('pem')]
  openssl('req', ...curve, '-keyout', key, '-out', request, '-subj', '/CN=winch')
  writeFileSync(path('ext'), `subjectAltName=${names.join(',')}\n`)
  const sign = ['-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-days', String(days), '-extfile', path('ext')]
  openssl('x509', '-req', '-in', request, '-out', certificate, ...sign)
  return { ca: readFileSync(ca, 'utf8'), certificate, key }
}
