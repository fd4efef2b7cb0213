import { expect, it } from 'vitest'
import { generateEd25519, signEd25519 } from '../../../electron/host/crypto/ed25519.ts'
import { enrolmentFlaw, enrolmentPayload } from '../../../electron/host/trust/enrolment.ts'
import { EnrolmentRequest } from '../../../shared/model/enrolment.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const person = generateEd25519()
const laptop = generateEd25519()
const unsigned = {
  format: 'slipway.enrolment/1' as const,
  operator: { id: 'kari', name: 'Kari Nordmann', publicKey: hex(person.publicKey) },
  console: { id: 'laptop-7', name: 'Laptop 7', publicKey: hex(laptop.publicKey) },
  time: 1_790_000_000_000,
}
const payload = enrolmentPayload(unsigned)
const request = EnrolmentRequest.parse({
  ...unsigned,
  operatorSignature: hex(signEd25519(person.secretKey, payload)),
  consoleSignature: hex(signEd25519(laptop.secretKey, payload)),
})

it('holds when both keys signed it', () => {
  expect(enrolmentFlaw(request)).toBeNull()
})

it.each([
  ['operator', { ...request, time: request.time + 1 }],
  ['operator', { ...request, operator: { ...request.operator, id: 'mallory' } }],
  ['operator', { ...request, operatorSignature: request.consoleSignature }],
  ['console', { ...request, consoleSignature: request.operatorSignature }],
  ['operator', { ...request, console: { ...request.console, publicKey: hex(generateEd25519().publicKey) } }],
])('names the %s signature that proves nothing', (flaw, changed) => {
  expect(enrolmentFlaw(changed)).toBe(flaw)
})
