import type { PeopleErrors } from '../error-codes.ts'

export const peopleErrors: PeopleErrors = {
  'audit.no-recipients': [
    'Nobody is named yet who may read the log, so its detail cannot be sealed.',
    'Bring trust and sync: the signed policy names them.',
  ],
  'audit.chain-broken': [
    'The log on this laptop was changed or damaged[ at entry {seq}].',
    'Do not delete anything. Upload the log and tell the people who read it.',
  ],
  'audit.bad-head': [
    'The signed end of the log does not fit the log[ (entry {seq})].',
    'Do not delete anything. Tell the people who read the log.',
  ],
  'audit.bad-receipt': [
    'The receipt for the uploaded log is not valid. The entries stay on this laptop.',
    'Upload again. If it stays, tell the people who run the server.',
  ],
  'audit.bad-segment': [
    'The uploaded part of the log cannot be read.',
    'Upload again. If it stays, tell the people who run the server.',
  ],
  'audit.gap': [
    'Entries are missing between what the server has and what was sent[: {expected} expected, {found} came].',
    'Tell the people who run the server. Nothing was deleted here.',
  ],
  'audit.fork': [
    'The server holds another history of this console. A copy of it may be in use.',
    'Stop working with this laptop until the people who run the server have looked into it.',
  ],
  'audit.unknown-console': [
    'The server does not know this console.',
    'Send your enrolment request to the publisher and sync once it is accepted.',
  ],
  'audit.refused': ['The server refused the log.', 'The entries stay here. Tell the people who run the server.'],
  'audit.truncated': [
    'The end of the log is missing[: it should reach entry {expected}, it ends at {found}].',
    'Do not delete anything. Tell the people who read the log.',
  ],
  'audit.upload-overdue': [
    'The log was not uploaded for a long time[: {entries|# entry waits|# entries wait}, the oldest since {since:day}].',
    'Connect to the server and sync, or put the log on a stick for a console that has a link.',
  ],
  'audit.bad-waybill': [
    'The papers of a log on the stick do not fit it[ ({console})]. It was not taken.',
    'Tell whoever brought the stick. The log is still on the laptop that it comes from.',
  ],
  'audit.carried-full': [
    'Logs of other consoles take all the room that they may[: {used:bytes} of {limit:bytes}]. The rest stayed on the stick.',
    'Sync, so that they are sent, then take the stick in again.',
  ],
  'audit.carried-overdue': [
    'Logs of other consoles wait here for a long time[: {entries|# entry|# entries}, the oldest since {since:day}].',
    'Connect to the server and sync, so that they are sent.',
  ],

  'people.not-signed-in': ['Nobody is signed in.', 'Sign in, then try again.'],
  'people.unknown-operator': ['This laptop does not know that operator[: {operator}].', 'Enrol on this laptop first.'],
  'people.wrong-passphrase': [
    'The passphrase is not right.',
    'Type it again. Look at Caps Lock and the keyboard language.',
  ],
  'people.weak-passphrase': [
    'The passphrase is too easy to guess.',
    'Use a longer one[, at least {min|# character|# characters}], best four words that do not belong together.',
  ],
  'people.too-many-attempts': ['Too many wrong passphrases.', 'Wait [{waitMs:duration} ]and try again.'],
  'people.not-enrolled': [
    'The publisher has not accepted you on this console yet.',
    'Hand over your enrolment request. Once it is accepted, sync.',
  ],
  'people.lease-ended': [
    'Your permission ended[ on {until:datetime}]. You can still look and upload, but not run updates.',
    'Connect to the server and sync. If it stays, ask the publisher to renew it.',
  ],
  'people.lease-ends-soon': [
    'Your permission ends soon[: {until:datetime}].',
    'Sync before then. If it stays, ask the publisher to renew it.',
  ],
  'people.role-missing': [
    'You do not have the role that this needs[: {needed}].',
    'Ask somebody who has it, or ask the publisher.',
  ],
  'people.site-not-allowed': [
    'Your permission does not cover this site[: {site}].',
    'Ask somebody who is allowed here, or ask the publisher.',
  ],
  'people.type-not-allowed': [
    'Your permission does not cover this type of device[: {type}].',
    'Ask somebody who is allowed to service it, or ask the publisher.',
  ],
  'people.second-person-needed': [
    'This needs a second person.',
    'Ask a colleague who is enrolled on this laptop to confirm with their own passphrase.',
  ],
  'people.same-person-twice': [
    'The second person must be somebody else.',
    'Ask a colleague to confirm with their own passphrase.',
  ],
  'people.name-taken': [
    'Somebody with that name is already enrolled here[: {name}].',
    'Sign in, or add something to the name that tells you apart.',
  ],
}
