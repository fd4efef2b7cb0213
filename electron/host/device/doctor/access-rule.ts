import { access, constants, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AccessRule } from '../../../../shared/contract/doctor.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { UsbIds } from './serial-port.ts'
import type { SystemFiles } from './system-files.ts'

/**
 * The udev rule that gives a USB device to whoever sits at the laptop (systemd-logind's `uaccess`). Its name sorts before
 * `73-seat-late.rules`, which grants the access.
 */
export async function accessRule(ids: UsbIds, kind: 'tty' | 'usb', files: SystemFiles): Promise<AccessRule> {
  const folder = join(files.etc, 'udev/rules.d')
  const match =
    kind === 'tty'
      ? `SUBSYSTEM=="tty", ATTRS{idVendor}=="${ids.vid}", ATTRS{idProduct}=="${ids.pid}"`
      : `SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="${ids.vid}", ATTR{idProduct}=="${ids.pid}"`
  return {
    file: join(folder, `70-slipway-${ids.vid}-${ids.pid}.rules`),
    text: `ACTION!="remove", ${match}, TAG+="uaccess"\n`,
    writable: await access(folder, constants.W_OK).then(
      () => true,
      () => false,
    ),
  }
}

/** Puts the rule where udev reads it. It holds from the next plugging in. Throws `file.unreadable`. */
export async function writeAccessRule(rule: AccessRule): Promise<void> {
  try {
    await writeFile(rule.file, rule.text, { mode: 0o644 })
  } catch (cause) {
    throw new AppError('file.unreadable', { detail: { path: rule.file }, cause })
  }
}
