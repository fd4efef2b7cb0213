import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tool } from './tools.ts'

export interface Leaf {
  readonly key: string
  readonly certificate: string
}

const EXTENSIONS = `[req]
distinguished_name = dn
prompt = no
[dn]
CN = publisher
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[mail]
keyUsage = critical,digitalSignature
extendedKeyUsage = emailProtection
subjectKeyIdentifier = hash
[code]
keyUsage = critical,digitalSignature
extendedKeyUsage = codeSigning
[server]
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
`

/** A certificate authority of the `openssl` program, below a folder. */
export class Authority {
  readonly #dir: string
  readonly #name: string
  readonly certificate: string

  constructor(dir: string, name: string) {
    this.#dir = dir
    this.#name = name
    this.certificate = join(dir, `${name}.pem`)
    writeFileSync(join(dir, 'ext.cnf'), EXTENSIONS)
    this.#make(name, 'rsa:2048')
    const self = ['-signkey', this.#path(`${name}.key`), '-extensions', 'ca']
    tool('openssl', ['x509', '-req', ...this.#request(name), ...self, '-out', this.certificate])
  }

  /** Issues a certificate for `purpose` (`mail`, `code`, `server`, or `ca` for one below this). */
  leaf(name: string, purpose: 'mail' | 'code' | 'server' | 'ca', key = 'ec'): Leaf {
    this.#make(name, key)
    const issuer = ['-CA', this.certificate, '-CAkey', this.#path(`${this.#name}.key`), '-CAcreateserial']
    const certificate = this.#path(`${name}.pem`)
    tool('openssl', ['x509', '-req', ...this.#request(name), ...issuer, '-extensions', purpose, '-out', certificate])
    return { key: this.#path(`${name}.key`), certificate }
  }

  #make(name: string, key: string): void {
    const kind = key === 'ec' ? ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'] : ['-newkey', key]
    const files = ['-keyout', this.#path(`${name}.key`), '-out', this.#path(`${name}.csr`)]
    const subject = ['-subj', `/CN=${name}`, '-config', this.#path('ext.cnf')]
    tool('openssl', ['req', '-new', '-nodes', ...kind, ...files, ...subject])
  }

  #request(name: string): string[] {
    return ['-in', this.#path(`${name}.csr`), '-days', '3650', '-extfile', this.#path('ext.cnf')]
  }

  #path(name: string): string {
    return join(this.#dir, name)
  }
}
