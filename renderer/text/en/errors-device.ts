import type { DeviceErrors } from '../error-codes.ts'

export const deviceErrors: DeviceErrors = {
  'link.not-found': [
    'There is nothing at that port or address[: {address}].',
    'Check the cable and the address, then try again.',
  ],
  'link.busy': [
    'Another program uses the port[: {address}].',
    'Close terminal programs and other tools that use it, then try again.',
  ],
  'link.no-permission': [
    'This account may not use the port[: {address}].',
    'On Linux add the account to the group that owns the port (often dialout) and sign in again.',
  ],
  'link.lost': [
    'The connection to the device was lost[ ({address})].',
    'Check the cable. Slipway goes on by itself when the device is back.',
  ],
  'link.refused': [
    'The device refused the connection[ ({address})].',
    'Check that the service runs on the device and that the address is right.',
  ],
  'link.timeout': [
    'The device did not answer in time[ ({waitedMs:duration})][ on {address}].',
    'Check that it has power and that the cable is in, then try again.',
  ],
  'link.unsupported': [
    'This laptop cannot use that kind of connection[: {address}].',
    'Use another way to reach the device.',
  ],
  'link.bad-address': [
    'That is not an address[: {address}].',
    'Write it like serial:/dev/ttyUSB0, udp://10.0.0.7:1337, http://10.0.0.9:8080 or ssh://root@10.0.0.9.',
  ],
  'link.untrusted': [
    'The device cannot prove that it is the one meant[ ({address})].',
    'Nothing was sent to it. Check the address and the date of this laptop; the certificate may have run out or been replaced.',
  ],
  'link.host-key-changed': [
    'The device shows another host key than the signed one[: {seen} instead of {expected}].',
    'Nobody was logged in. It may be another machine. If you know that the device was set up anew, ask the publisher to sign the new key, then sync.',
  ],
  'link.host-key-unknown': [
    'No signed document says by which host key this device is known[; it shows {seen}].',
    'Nobody was logged in. Compare it with the fingerprint on the device itself, and ask the publisher to add it to the site, then sync.',
  ],
  'link.not-searchable': [
    'That network is not searched[: {network}].',
    'Only private networks of at most 1022 addresses are, such as 192.168.1.0/24.',
  ],
  'link.io': [
    'Reading or writing on the port failed[ ({address})].',
    'Unplug the cable, plug it in again and try again.',
  ],

  'device.no-answer': [
    'The device does not answer[ ({waitedMs:duration})].',
    'Check that it has power and that nothing else talks to it, then try again.',
  ],
  'device.bad-frame': [
    'The device answered with something that cannot be understood.',
    'Check the cable and the speed of the port, then try again.',
  ],
  'device.refused': ['The device refused to do it.', 'Look at the device for what stops it, then try again.'],
  'device.busy': ['The device is busy.', 'Wait until it is done, then try again.'],
  'device.unauthorised': [
    'The device wants a login[ ({address})].',
    'Store the user name and password for it, then try again.',
  ],
  'device.not-mine': ['Something else answers at that address[: {address}].', 'Check which device is connected there.'],
  'device.unknown': ['No such device is known here[: {device}].', 'Connect it, or sync the list of the site.'],
  'device.no-profile': [
    'There is no signed profile for this type of device[: {type}].',
    'Sync. If it stays, ask the publisher for the profile.',
  ],
  'device.identity-missing': [
    'The device does not say who it is.',
    'Check that it is set up with a serial number. An update needs to know which device it meets.',
  ],
  'device.identity-changed': [
    'Another device answers than the one meant[: {found} instead of {expected}]. Nothing was done to it.',
    'Connect the right device.',
  ],
  'device.duplicate': [
    'Two devices answer with the same identity[: {device}]. Neither is touched.',
    'Disconnect one of them.',
  ],
  'device.gone': ['The device is not connected[: {device}].', 'Connect it, then try again.'],
  'device.no-slot': [
    'The device has no room for a second image[ of {component}], so it cannot be updated this way.',
    'Tell the publisher of the plan.',
  ],
  'device.pending-image': [
    'Another image already waits in the device[: {version}]. Somebody else put it there.',
    'Find out who did. Then restart the device to let it run, or erase it.',
  ],
  'device.image-rejected': ['The device does not accept the image.', 'The old version still runs. Tell the publisher.'],
  'device.incompatible': [
    'The image is not for this hardware[: {found}, the image is for {expected}].',
    'The old version still runs. Check which device this is, and tell the publisher.',
  ],
  'device.signature-rejected': [
    'The device does not accept the signature of the image.',
    'The old version still runs. Tell the publisher: the device trusts another key.',
  ],
  'device.image-corrupt': [
    'The image arrived damaged at the device.',
    'The old version still runs. Check the cable and try again.',
  ],
  'device.restart-timeout': [
    'The device did not come back after the restart[ within {withinMs:duration}].',
    'Look at the device. When it runs again, press Check again: Slipway reads what it runs.',
  ],
  'device.reverted': [
    'The device went back to the old version by itself[: it runs {found}].',
    'The new version did not start properly. Send the report to the publisher before you try again.',
  ],
  'device.wrong-version': [
    'The device does not run what was written[: it runs {found}, expected {expected}].',
    'Do not rely on it. Read the device again, and send the report to the publisher.',
  ],
  'device.no-confirm': ['This kind of device cannot confirm a version.', 'Tell the publisher of the plan.'],
  'device.in-recovery': [
    'The device is in its boot loader and runs nothing[: it holds {held}]. What is written there replaces its only version, with no way back.',
    'Restart the device. If it comes back like this, open it under Site: a plan that recovers it may say what to do.',
  ],
  'device.unclaimed': [
    'Only the boot loader of the device answers, and nobody vouches any more whose it is.',
    'Read its plate again: open the boot loader under Site and say which device it is.',
  ],
  'device.no-loader': [
    'No boot loader of this type waits there any more[: {address}].',
    'Check the cable and the power, and look again.',
  ],
  'device.several-loaders': [
    'Boot loaders that cannot be told apart wait at several places[: {addresses}]. None was touched.',
    'Leave only the one connected whose plate you read, then try again.',
  ],
  'device.seen-elsewhere': [
    'That device answers elsewhere[, at {address}]: it is not the one that waits here.',
    'Read the plate once more. If it is right, find out who else uses this serial number.',
  ],
  'device.unknown-serial': [
    'No device of this type is known here by that serial number[: {serial}].',
    'Read the plate once more, sign for sign. If it is right, sync the list of the site.',
  ],
  'device.readings-differ': [
    'The two of you read different serial numbers. The boot loader was taken for no device.',
    'Read the plate again, each for yourself.',
  ],
  'device.mistaken': [
    'The device that was written says now that it is another one[: {found} instead of {expected}]. The plate of another device was read.',
    'Do not use either before somebody has looked at both: it runs what was meant for the other.',
  ],
  'device.no-rollback': [
    'This kind of device cannot go back to the old version.',
    'Ask the publisher for a plan that installs the old version.',
  ],
  'device.rollback-failed': [
    'The device did not go back to the old version[: it runs {found}].',
    'Do not use the machine before somebody has looked at it.',
  ],
  'device.no-space': [
    'The device has too little free space for the file[: {free:bytes} of {needed:bytes}].',
    'Nothing was changed. Make room on the device, then try again.',
  ],
  'device.write-failed': [
    'Writing to the device failed[ at {at:bytes}].',
    'Check the cable and the power, then try again.',
  ],
  'device.cancelled': [
    'The device stopped the transfer[ at {at:bytes}].',
    'Look at what it says on its console, then try again.',
  ],
  'device.no-prompt': [
    'The device answers, but not with a prompt that its profile knows.',
    'Somebody may be using its console, or it is still starting. Wait a moment and try again.',
  ],
  'device.unexpected-answer': [
    'The device answered something else than expected[ to {command}][: {said}].',
    'Nothing was taken for granted. Send the report to the publisher before you try again.',
  ],
  'device.not-restored': [
    'The update failed, and the device could not be brought back to how it was.',
    'Do not use the machine. Look at the device before anything else is done to it.',
  ],
  'device.unconfirmed': [
    'The new version runs on trial and was not confirmed. At its next restart the device goes back to the old one.',
    'Start the plan again to check and confirm it, or restart the device to go back.',
  ],
  'device.forward-failed': [
    'The device could not pass the update on to a device behind it[: {said}].',
    'Check that the device behind it is on and connected, then run the plan again. If it refuses again, tell the publisher.',
  ],
  'device.script-failed': [
    'A script on the device said no[ ({script})][: {said}].',
    'The device keeps or takes back the old version by itself. Remove the cause that the script names, then try again.',
  ],
  'device.verify-key': [
    'The device would not check who signed the artifact, or by another key than the signed profile names[ ({path})].',
    'Nothing was installed. Set up the verification key in the device’s mender.conf as the profile names it, then try again.',
  ],
  'device.verdict-missed': [
    'The device did not say how the update ended.',
    'Press Check again: Slipway reads what the device runs.',
  ],

  'trace.unreadable': [
    'This file is no recording of a device, or it is damaged[ (line {line})].',
    'Record it again, or ask whoever sent it for the original file.',
  ],
  'trace.unknown': [
    'There is no such recording on this console.',
    'It may have been removed. Look at the list of recordings.',
  ],
  'trace.recording': [
    'This device is being recorded already[ ({address})].',
    'Stop the recording that runs, or wait until it is full.',
  ],
  'trace.unwritable': [
    'No recording can be written here[: {path}].',
    'Free space on the disk of this laptop, or ask whoever looks after it.',
  ],

  'reading.missing': [
    'A value that the plan needs is missing[: {title}].',
    'Check the sensor and its cable. Slipway reads it again by itself.',
  ],
  'reading.stale': [
    'A value is too old[: {title}][, read {ageMs:duration} ago][, at most {maxAgeMs:duration} allowed].',
    'Check the connection to the device. Slipway reads it again by itself.',
  ],
  'reading.unreadable': [
    'A value cannot be understood[: {title}][; the device says “{raw}”].',
    'Check the sensor. If the device is right, tell the publisher of its profile.',
  ],
  'reading.out-of-range': [
    'A value is outside what the sensor can measure[: {title}][; the device says “{raw}”].',
    'Check the sensor: it may be broken or unplugged.',
  ],
  'reading.unknown-signal': [
    'The plan asks for a value that this device does not have[: {signal}].',
    'Tell the publisher of the plan.',
  ],
  'condition.false': [
    'A condition of the plan is not met[: {title}][. {signalTitle}: {value}][ {unit}][, read {ageMs:duration} ago].',
    'Make it so. Slipway reads it again by itself.',
  ],
  'condition.error': [
    'A condition of the plan cannot be worked out[: {title}]. So it counts as not met.',
    'Tell the publisher of the plan.',
  ],
  'condition.not-boolean': [
    'A condition of the plan is neither true nor false[: {title}]. So it counts as not met.',
    'Tell the publisher of the plan.',
  ],
  'condition.not-attested': ['Nobody has confirmed yet[: {title}].', 'Look for yourself, then confirm it.'],
  'condition.changed-while-writing': [
    'The machine left its safe state while it was written[: {title}]. Writing was stopped.',
    'Bring it back into the safe state. Slipway goes on when it is.',
  ],
  'check.failed': [
    'A check on the new version did not come true[: {title}][ within {withinMs:duration}].',
    'The plan says what happens next. Send the report to the publisher.',
  ],
}
