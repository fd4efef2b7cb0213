import { randomHex } from '../../crypto/random.ts'

/**
 * The file name of one upload. `artifacts/winch-3.2.0.swu` becomes `winch-3.2.0.5f3a91c0.swu`: readable on the device,
 * and like no other, so that what the device tells of it is told apart from what it tells of others.
 */
export function uploadName(target: string): string {
  const [, base = '', end = ''] = /([^/]*?)(\.[^./]*)?$/.exec(target) ?? []
  const plain = (text: string) => text.replaceAll(/[^\w.+-]/g, '_')
  return `${plain(base).slice(0, 60)}.${randomHex(4)}${plain(end).slice(0, 10)}`
}
