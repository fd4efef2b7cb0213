import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Profile } from '../../../shared/model/profile.ts'

test('the profile that the README shows is one', () => {
  const readme = readFileSync(new URL('../../../electron/host/device/drivers/rauc/README.md', import.meta.url), 'utf8')
  const [, json = ''] = /```json\n([\s\S]+?)```/.exec(readme) ?? []
  expect(Profile.parse(JSON.parse(json)).drivers).toMatchObject([{ driver: 'rauc', link: 'ssh', slotClass: 'rootfs' }])
})
