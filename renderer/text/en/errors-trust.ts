import type { TrustErrors } from '../error-codes.ts'

export const trustErrors: TrustErrors = {
  'trust.none': [
    'This console does not trust any publisher yet.',
    'Bring trust first: enter the address of your server and compare the fingerprint.',
  ],
  'trust.bad-json': [
    'A signed list from the server is not well-formed[ ({role})].',
    'Sync again. If it stays, tell the publisher: nothing from it was used.',
  ],
  'trust.bad-metadata': [
    'A signed list from the server breaks the rules for such lists[ ({role})].',
    'Tell the publisher. What this console had before stays in force.',
  ],
  'trust.bad-signature': [
    'A signature does not fit[ ({role})]. The data was changed on the way, or somebody else signed it.',
    'Do not go on with this source. Tell the publisher. What you had before stays in force.',
  ],
  'trust.threshold': [
    'Too few valid signatures[ on {role}][: {found} of {needed}][: {have} of {need}].',
    'Tell the publisher. What this console had before stays in force.',
  ],
  'trust.unknown-key': [
    'Something is signed with a key that nobody vouches for[ ({role})].',
    'Tell the publisher. What this console had before stays in force.',
  ],
  'trust.expired': [
    'What the publisher signed is no longer valid[ ({role}, until {expires:datetime})].',
    'Connect to the server and sync. If it stays, the publisher must sign anew.',
  ],
  'trust.rollback': [
    'The server offered something older than what this console already has[ ({role}: {found} after {known})][ ({role}: {found} after {held})].',
    'Do not go on with this source. Tell the publisher: it may be an attack or an old copy.',
  ],
  'trust.mix-and-match': [
    'The lists on the server do not belong together[ ({role})].',
    'Sync again in a few minutes. If it stays, tell the publisher.',
  ],
  'trust.hash-mismatch': [
    'A file is not the one that was signed[: {target}].',
    'Sync again: it is fetched anew. If it stays, tell the publisher.',
  ],
  'trust.length-mismatch': [
    'A file does not have the signed length[: {target}].',
    'Sync again: it is fetched anew. If it stays, tell the publisher.',
  ],
  'trust.too-large': [
    'The server sent more than it may[ for {role}][, over {limit:bytes}].',
    'Check the address of the server. Tell the publisher if it is right.',
  ],
  'trust.too-many-roots': [
    'This console missed more changes of the root keys than it may follow at once[ ({limit})].',
    'Tell the publisher: trust has to be set up again.',
  ],
  'trust.too-many-delegations': ['The publisher split its lists into too many parts.', 'Tell the publisher.'],
  'trust.unknown-target': [
    'The signed lists do not name this file[: {target}].',
    'Sync. If it stays, the publisher has not released it.',
  ],
  'trust.fingerprint-mismatch': [
    'The fingerprint is not the one you confirmed. Somebody may be standing between you and the server.',
    'Do not trust this server. Get the fingerprint from the publisher by another way and compare again.',
  ],
  'trust.already-adopted': [
    'This console trusts a publisher already[: {url}].',
    'To change publisher, set the console up anew. To change the address, use the fingerprint it trusts.',
  ],
  'trust.cache-corrupt': [
    'What this console stored about trust is damaged, so nothing from it is used.',
    'Connect to the server and sync.',
  ],
  'trust.offline-too-long': [
    'This console has been offline for too long[: {days|# day|# days} since the last signed word, {limit} allowed].',
    'Connect to the server and sync. A few kilobytes are enough.',
  ],
  'trust.clock-behind': [
    'The clock of this laptop is behind what was signed[, by {byMs:duration}]. Slipway uses the signed time instead.',
    'Set the clock of the laptop. Work goes on meanwhile.',
  ],
  'trust.clock-set-back': [
    'This laptop’s clock shows an earlier date than it did before[, by {byMs:duration}]. Slipway counts from the later one.',
    'Set the clock of the laptop. If it once ran ahead by mistake, the next sync makes that good.',
  ],
  'trust.unsupported-spec': [
    'The server uses a newer format than this console knows[ ({version})].',
    'Install the newest Slipway.',
  ],
  'trust.renew-soon': [
    'Trust ends soon[: {until:datetime}].',
    'Connect to the server and sync before then. A few kilobytes are enough.',
  ],
  'document.invalid': [
    'A signed document does not make sense[: {path}].',
    'Tell the publisher. The document is not used.',
  ],
  'document.unknown-format': [
    'A signed document has a format that this console does not know[: {path}][ ({format})].',
    'Install the newest Slipway.',
  ],
  'document.wrong-id': [
    'A signed document names itself differently than its place does[: {path}].',
    'Tell the publisher. The document is not used.',
  ],

  'sync.offline': [
    'The console is set to stay offline, so nothing was fetched.',
    'Switch offline mode off when you want to connect.',
  ],
  'sync.unreachable': [
    'The server does not answer[: {host}].',
    'Check the network and the address, then try again. What is on board stays usable.',
  ],
  'sync.http': [
    'The server refused[: status {status}][ for {path}].',
    'Try again later. If it stays, tell the people who run the server.',
  ],
  'sync.not-found': [
    'The server does not have a file that it should have[: {path}].',
    'Try again in a few minutes. If it stays, tell the publisher.',
  ],
  'sync.stalled': [
    'The transfer stood still[ for {afterMs:duration}] and was stopped. What arrived is kept.',
    'Try again: it continues where it stopped.',
  ],
  'sync.bad-certificate': [
    'The certificate or key cannot be used[: {why}].',
    'Ask the people who run the server for a certificate in PEM form, with its key without a passphrase.',
  ],
  'sync.tls-untrusted': [
    'The server’s certificate is not one that this console believes[: {host}][ ({reason})].',
    'Check the date of this laptop. If the server has an authority of its own, add that under Settings, Trust and site.',
  ],
  'sync.tls-refused': [
    'The server did not let this console in[: {host}].',
    'It wants a certificate, or another one. Add it under Settings, Trust and site.',
  ],
  'sync.proxy': [
    'The proxy on the way to the server refused[: {host}].',
    'Ask who runs the network here. Slipway takes the proxy from the environment.',
  ],
  'sync.range-ignored': [
    'The server cannot continue a broken transfer, so the file has to be fetched from the start[: {path}].',
    'Try again with a better connection, or tell the people who run the server.',
  ],
  'sync.changed-on-server': [
    'The file changed on the server while it was fetched[: {path}].',
    'Sync again: it starts anew with the current file.',
  ],
  'sync.bad-delta': [
    'The stored differences from an older version do not fit together[: {why}].',
    'Sync again: the file is then fetched in another way. If it stays, tell the publisher.',
  ],
  'sync.busy': ['A sync is already running.', 'Wait until it is done, or stop it first.'],
  'sync.no-server': ['No server is set up.', 'Bring trust first: enter the address of your server.'],
  'sync.bad-url': [
    'That is not an address that a server can have[: {url}].',
    'Write it in full, such as https://updates.example.com.',
  ],
  'sync.not-a-repository': [
    'There is no update repository at that address[: {url}].',
    'Check the address with the publisher.',
  ],
  'sync.over-budget': [
    'The rest does not fit into your data budget[: {needed:bytes} are missing, {budget:bytes} allowed].',
    'Raise the budget, or sync the rest on a cheaper connection.',
  ],
  'sync.outside-window': [
    'Files are fetched only at the hours that were set[, {from} to {to}].',
    'It goes on by itself[ on {opensAt:datetime}]. To fetch now, say for how long.',
  ],
  'sync.time-over': [
    'The time for this sync is over. What has come stays.',
    'Start again when you like: it goes on where it ended.',
  ],
  'sync.metered': [
    'This connection is paid by the byte[: {needed:bytes} more wait]. Over it come only urgent files[, up to {allowed:bytes}].',
    'It goes on by itself on another connection. Or say that this one is not paid by the byte.',
  ],
  'sync.paused': ['Fetching is paused[ by {by}][ since {since:datetime}].', 'Press Resume to go on.'],

  'source.unknown': ['There is no such source here[: {source}].', 'Look at the list of sources.'],
  'source.exists': [
    'There is such a source already, by its name or by its publisher[: {source}].',
    'Choose another name, or remove the other one first. Your own publisher is no source of itself.',
  ],
  'source.too-many': ['There are too many sources already[: {limit}].', 'Remove one that is not needed any more.'],
  'source.bad-path': [
    'The file has a name that leads out of its folder[: {target}]. It was not fetched.',
    'Tell the publisher of that repository. Nothing was changed here.',
  ],
  'source.reserved-path': [
    'Only your own publisher may name files so[: {target}]. It was not fetched.',
    'Such a repository gives files and nothing else: plans and permissions come from your own publisher.',
  ],
  'source.outside-filter': [
    'The file is not among those that this source was added for[: {target}].',
    'If it is needed, remove the source and add it again with more paths.',
  ],

  'pack.not-found': [
    'There is no pack in that folder[: {folder}].',
    'Choose the stick or the folder in which the pack lies, written in full.',
  ],
  'pack.bad-file': [
    'Something in the pack is not a plain file or folder[: {file}]. It was not touched.',
    'Do not use this stick. Have the pack made anew on a clean one.',
  ],
  'pack.older': [
    'The pack is older than what this console has[: it is of {found:datetime}, this console has {held:datetime}].',
    'Nothing was changed. Ask for a newer pack, or sync.',
  ],
  'pack.unreadable': [
    'The pack cannot be read[: {file}][ ({reason})].',
    'Check that the stick is plugged in, then take the pack in again: it goes on where it was.',
  ],
  'pack.unwritable': [
    'The pack cannot be written[: {file}][ ({reason})].',
    'Check that the stick is plugged in and not write-protected, then make the pack again: it goes on where it was.',
  ],
  'pack.full': [
    'There is not enough room for the pack[, {free:bytes} are free and {needed:bytes} are needed].',
    'Take a larger stick, or choose fewer plans.',
  ],

  'artifact.missing': ['The file to install is not on board[: {target}].', 'Sync while there is a connection.'],
  'artifact.corrupt': [
    'The file to install is damaged[: {target}]. It will not be used.',
    'Sync: a copy that was damaged here is fetched anew. If it stays, tell the publisher.',
  ],
  'artifact.unreadable': ['The file to install cannot be understood[: {target}].', 'Tell the publisher.'],
  'artifact.wrong-type': [
    'The file is not of the kind it claims to be[: {target}][ (found {found}, expected {expected})].',
    'Tell the publisher.',
  ],
  'artifact.padded': [
    'The image was made for direct flashing and carries its own orders to the boot loader[: {target}]. The plan does not say that it may stay for good, so it is refused.',
    'Ask the publisher for an image without padding and confirmation.',
  ],
  'artifact.unsigned': [
    'The image itself carries no signature, but the device type demands one[: {target}].',
    'Ask the publisher for a signed image.',
  ],
  'artifact.bad-signature': [
    'The signature inside the image does not fit[: {target}].',
    'Do not use it. Tell the publisher.',
  ],
  'artifact.version-mismatch': [
    'The image holds another version than the plan says[: {found} instead of {expected}].',
    'Tell the publisher.',
  ],
}
