import type { Catalogue } from '../words-of.ts'

export const common: Catalogue['common'] = {
  loading: 'Wird geladen',
  details: 'Einzelheiten für den Support',
  cancel: 'Lassen',
  copied: 'Kopiert',
  ago: 'vor {age:duration}',
  justNow: 'jetzt',
  never: 'nie',
  unknown: 'unbekannt',
  by: 'von {name}',
  versionChange: '{from} auf {to}',
  showSecret: 'Passphrase zeigen',
  hideSecret: 'Passphrase verbergen',
  filter: 'Filter',
  filterHint: 'Name, Typ, Nummer oder Version',
  noMatch: 'Nichts passt zu „{text}“',
  clearFilter: 'Filter löschen',
  slideHint: 'Schieben Sie nach rechts, oder halten Sie die rechte Pfeiltaste.',
  countOf: '{shown} von {all}',

  serial: 'serielle Schnittstelle',
  udp: 'Netzwerk (UDP)',
  http: 'Netzwerk (HTTP)',
  usb: 'USB',
  memory: 'simuliert',

  technician: 'Technik',
  crew: 'Besatzung',
  supervisor: 'Aufsicht',
  support: 'Support',
  auditor: 'Prüfung',

  security: 'Sicherheitslücke',
  safety: 'Betriebssicherheit',
  normal: 'Normal',
  optional: 'Nach Wunsch',
}
