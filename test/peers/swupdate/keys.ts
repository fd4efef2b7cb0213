import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A signer as SWUpdate wants it: a certificate whose purpose is e-mail protection (its default), and its key. */
export interface CmsSigner {
  readonly certificate: string
  /** The certificate itself. */
  readonly pem: string
  /** Signs a description; CMS in DER. */
  sign(description: Uint8Array): Uint8Array
}

const CONFIG = `[req]
distinguished_name = dn
x509_extensions = v3
prompt = no
[dn]
CN = slipway test signer
[v3]
basicConstraints = critical,CA:TRUE
keyUsage = critical,digitalSignature,keyCertSign
extendedKeyUsage = emailProtection
subjectKeyIdentifier = hash
`

/** Makes a self-signed certificate by the `openssl` program. */
export function makeSigner(dir: string, name: string): CmsSigner {
  const [config, key, certificate] = ['cnf', 'key', 'crt'].map((end) => join(dir, `${name}.${end}`)) as [
    string,
    string,
    string,
  ]
  writeFileSync(config, CONFIG)
  const subject = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '3650']
  execFileSync('openssl', ['req', '-x509', ...subject, '-keyout', key, '-out', certificate, '-config', config], {
    stdio: 'pipe',
  })
  return {
    certificate,
    pem: readFileSync(certificate, 'utf8'),
    sign(description) {
      const [from, to] = [join(dir, `${name}.desc`), join(dir, `${name}.sig`)]
      writeFileSync(from, description)
      const files = ['-in', from, '-out', to, '-signer', certificate, '-inkey', key]
      return execFileSync('openssl', [
        'cms',
        '-sign',
        ...files.slice(0, 2),
        ...files.slice(4),
        '-outform',
        'DER',
        '-nosmimecap',
        '-binary',
      ])
    },
  }
}
