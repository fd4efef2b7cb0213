import { expect, onTestFinished } from 'vitest'
import type { Device, Driver, Image } from '../../../electron/host/device/driver.ts'
import { serialOpener } from '../../../electron/host/link/serial.ts'
import { PUMP_PROFILE } from '../../../electron/sim/machines/pump.ts'
import { Profile, type ProfileInput } from '../../../shared/model/profile.ts'
import { clock, imageOf, never } from '../../fixtures/devices/bench.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'
import { startUBoot, type UBootMachine } from './machine.ts'
import { makeApp } from './pump-app.ts'

/** Who the pump says that it is. */
export const PUMP = { type: 'acme-pump', serial: 'P-7', hardware: '1.2' }

/** A pump with U-Boot and 2.4.0, as a driver sees it, for one test. `qemu`: more words for the machine. */
export async function startPump(
  driver: Driver,
  change: Partial<ProfileInput['drivers'][0]> = {},
  qemu?: readonly string[],
): Promise<{ readonly machine: UBootMachine; readonly device: Device }> {
  const machine = await startUBoot(tempDir(), PUMP.serial, '2.4.0', qemu)
  onTestFinished(() => machine.close())
  const [first] = PUMP_PROFILE.drivers
  const profile = Profile.parse({ ...PUMP_PROFILE, drivers: [{ ...first, ...change }] })
  const [binding] = profile.drivers
  if (!binding) throw new Error('a profile has drivers')
  const link = await serialOpener().open(machine.address, { baud: 115_200 }, never)
  onTestFinished(() => link.close())
  const device: Device = { link, profile, binding, clock, credential: null }
  await isBack(driver, device)
  return { machine, device }
}

/** It is switched on with its line: the first look finds it starting. */
export async function isBack(driver: Driver, device: Device): Promise<void> {
  await expect.poll(() => driver.identify(device, never).catch(() => null)).toEqual(PUMP)
}

export function pumpImage(version: string, size = 50_000): Promise<Image> {
  return imageOf(makeApp(version, size), 'raw', { version })
}
