import type { ConsoleErrors } from '../error-codes.ts'

export const consoleErrors: ConsoleErrors = {
  'rpc.bad-frame': [
    'The console received a message it cannot read.',
    'Close this window and start Slipway again. If it happens twice, tell support.',
  ],
  'rpc.bad-input': [
    'That could not be accepted[ (field {at})].',
    'Correct it and try again. If nothing on the screen is wrong, tell support.',
  ],
  'rpc.bad-output': [
    'The console produced an answer that makes no sense, so it was not shown.',
    'Tell support the code below. Nothing was changed on a device by this.',
  ],
  'rpc.unknown-method': [
    'This part of the program does not know that request.',
    'Close this window and start Slipway again, so that both parts have the same version.',
  ],
  'rpc.version-mismatch': [
    'This window and the engine behind it have different versions[ ({client} and {host})].',
    'Close this window and start Slipway again.',
  ],
  'rpc.too-large': [
    'That was too much at once to send[ ({length} characters)].',
    'Ask for less at a time. If you did nothing unusual, tell support.',
  ],
  'rpc.too-many-streams': ['Too many things are open in this window at once.', 'Close some screens and try again.'],
  'rpc.closed': [
    'The connection between this window and the engine was lost. Running updates go on without it.',
    'Wait a moment: the window connects again by itself. If it does not, start Slipway again.',
  ],
  'rpc.unauthorised': [
    'The engine did not let this window in, because its key is no longer valid.',
    'Close this window and start Slipway again.',
  ],
  internal: [
    'Something went wrong inside Slipway that nobody foresaw.',
    'Try once more. If it happens again, tell support[ the log number {log}].',
  ],
  cancelled: ['It was stopped before it was done.', 'Start it again when you want to.'],
  timeout: ['It took too long[ (more than {afterMs:duration})] and was given up.', 'Try again.'],

  'host.already-running': [
    'Slipway is already running on this data folder[ (process {pid})].',
    'Use the window that is open, or close it first.',
  ],
  'host.unavailable': [
    'The engine of Slipway is not running.',
    'Start Slipway again. Updates that were running continue where they stopped.',
  ],
  'host.no-keystore': [
    'The keys of this laptop could not be opened, because its keystore does not answer.',
    'Sign in to the operating system as the person who set Slipway up, and unlock the keystore.',
  ],
  'host.crypto-broken': [
    'The cryptography of this laptop gives wrong results[: {wrong}]. Slipway does not start with it.',
    'Install Slipway anew. If it stays, use another laptop and tell support.',
  ],
  'host.no-dictionaries': [
    'This program cannot open changes to older files here. Files come whole, and cost more.',
    'Nothing is wrong with what is on board. Install Slipway anew, or tell support.',
  ],
  'file.not-found': ['The file is not there[: {path}].', 'Check the name and the folder, then try again.'],
  'file.unreadable': [
    'The file cannot be read or written[: {path}].',
    'Check that the stick is plugged in and that you may use that folder.',
  ],
  'file.too-large': ['The file is too large[: {bytes:bytes}, at most {limit:bytes}].', 'Choose a smaller file.'],
  'disk.full': [
    'The disk of this laptop is full[, {free:bytes} are free and {needed:bytes} are needed].',
    'Free some space, then try again. Nothing that was stored is lost.',
  ],

  'store.from-the-future': [
    'The data on this laptop was written by a newer Slipway[ (format {found}, this one knows {known})].',
    'Install the newer version again. The data was left untouched.',
  ],
  'store.corrupt': [
    'The database on this laptop is damaged.',
    'Do not delete anything. Tell support: what was not uploaded may still be saved.',
  ],
  'store.read-only': [
    'The data folder cannot be written, so nothing can be recorded and nothing may be changed.',
    'Make the folder writable for your account, then start Slipway again.',
  ],
  'store.locked': ['The database is busy.', 'Try again in a few seconds.'],
  'store.migration-failed': [
    'The data on this laptop could not be brought to this version[ (step {version})]. A copy from before was kept.',
    'Install the earlier version again and tell support.',
  ],
  'alert.unknown': ['That alert is no longer in the list.', 'Look at the list as it is now.'],
}
