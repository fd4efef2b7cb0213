import { z } from 'zod'
import { EnrolmentRequest } from '../model/enrolment.ts'
import { Role } from '../model/policy.ts'
import { Address } from '../model/site.ts'
import { Prose, Slug } from '../model/text.ts'
import { call, watch } from '../rpc/define.ts'
import { Session } from './app.ts'
import { Nothing } from './common.ts'

/** Passphrases travel only here, over a wire inside the laptop, and are never logged. */
export const Passphrase = z.string().min(1).max(1000)

/** Of an account on a device, or what opens a private key: empty for a key that lies open. */
export const DevicePassword = z.string().max(1000)

/** For devices behind SSH: OpenSSH or PEM. */
export const PrivateKey = z.string().min(1).max(20_000)

export const KnownOperator = z.object({
  id: Slug,
  name: z.string(),
  enrolled: z.boolean(),
  roles: z.array(Role),
  leaseUntil: z.number().nullable(),
  lastSignIn: z.number().nullable(),
})
export type KnownOperator = z.infer<typeof KnownOperator>

export const people = {
  /** Operators whose keys are on this laptop. */
  list: watch('open', Nothing, z.array(KnownOperator)),
  /** Makes a key pair under the passphrase, and the request that the publisher needs. */
  enrol: call('open', z.object({ name: Prose.max(100), passphrase: Passphrase }), EnrolmentRequest),
  /** The request once more: for a second try, a QR code, a stick. */
  request: call('open', z.object({ operator: Slug }), EnrolmentRequest),
  signIn: call('open', z.object({ operator: Slug, passphrase: Passphrase }), Session),
  signOut: call('open', Nothing, Nothing),
  changePassphrase: call('operator', z.object({ old: Passphrase, next: Passphrase }), Nothing),
  /** Keeps a device login under the signed-in operator's key. */
  storeCredential: call(
    'operator',
    z
      .object({
        address: Address,
        username: z.string().min(1).max(100),
        password: DevicePassword,
        privateKey: PrivateKey.optional(),
      })
      .refine(({ password, privateKey }) => password !== '' || privateKey !== undefined, 'a password or a private key'),
    Nothing,
  ),
}
