import type { TestContext } from 'vitest'
import { needsAll } from '../../fixtures/needs.ts'

export function needsSwupdate(context: TestContext): void {
  needsAll(context, ['swupdate', 'openssl'], 'apt install swupdate openssl')
}
