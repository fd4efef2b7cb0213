/**
 * Verifications a second by the console's own crypto module against @noble/curves alone, on the same signatures in
 * the same run: many keys, a new key for each call as when metadata of many signers is read. A key that is made
 * ready once is printed as well. Median of rounds in turns. Last line: ours divided by theirs; at least 8 is wanted
 * where the run-time's own implementation is there.
 */
import { ed25519 as noble } from '@noble/curves/ed25519.js'
import {
  ed25519Backend,
  ed25519Verifier,
  generateEd25519,
  signEd25519,
  verifyEd25519,
} from '../../electron/host/crypto/ed25519.ts'
import { randomBytes } from '../../electron/host/crypto/random.ts'

const ROUNDS = 7
const ROUND_MS = 400
const KEYS = 64
/** About what the signed part of a snapshot or a small targets file is. */
const MESSAGE_BYTES = 2000

const samples = Array.from({ length: KEYS }, () => {
  const { secretKey, publicKey } = generateEd25519()
  const message = randomBytes(MESSAGE_BYTES)
  const verifier = ed25519Verifier(publicKey)
  if (!verifier) throw new Error('a key of our own was refused')
  return { publicKey, message, signature: signEd25519(secretKey, message), verifier }
})
type Sample = (typeof samples)[number]

const runs = {
  'our module': ({ publicKey, message, signature }: Sample) => verifyEd25519(publicKey, message, signature),
  'our module, key made ready': ({ verifier, message, signature }: Sample) => verifier(message, signature),
  '@noble/curves': ({ publicKey, message, signature }: Sample) =>
    noble.verify(signature, message, publicKey, { zip215: false }),
}
type Name = keyof typeof runs

function perSecond(verify: (sample: Sample) => boolean): number {
  const began = performance.now()
  let count = 0
  let took = 0
  while (took < ROUND_MS) {
    for (const sample of samples) if (!verify(sample)) throw new Error('a good signature was refused')
    count += samples.length
    took = performance.now() - began
  }
  return (count * 1000) / took
}

const rates: Record<Name, number[]> = { 'our module': [], 'our module, key made ready': [], '@noble/curves': [] }
const names = Object.keys(rates) as Name[]
for (const name of names) perSecond(runs[name])
for (let round = 0; round < ROUNDS; round += 1) for (const name of names) rates[name].push(perSecond(runs[name]))

const median = (name: Name) => rates[name].toSorted((a, b) => a - b)[ROUNDS >> 1] ?? 0
console.log(`ours is ${ed25519Backend().name}'s, ${KEYS} keys, messages of ${MESSAGE_BYTES} B`)
for (const name of names) console.log(`${name}: ${median(name).toFixed(0)} /s`)
console.log(`ed25519 ratio=${(median('our module') / median('@noble/curves')).toFixed(2)}`)
