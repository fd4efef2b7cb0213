import type { Catalogue } from '../words-of.ts'

export const demo: Catalogue['demo'] = {
  title: 'Rundgang',
  hide: 'Rundgang verbergen',
  show: 'Rundgang',
  now: 'jetzt',
  done: 'fertig',
  later: 'später',
  surroundings: 'Die Maschinen um Sie herum',
  surroundingsWhy: 'In Wirklichkeit geht jemand zur Maschine hinüber. Hier spielen Sie das.',
  allDone: 'Das war der ganze Rundgang. Alles, was Sie sahen, geht mit echten Geräten genauso.',
  approve: 'Herausgeber spielen: Anmeldung annehmen',
  go: 'Zeigen',

  'step-trust': 'Vertrauen einrichten',
  'stepText-trust':
    'Geben Sie die Adresse des Vorführ-Servers ein[: {address}] und vergleichen Sie den Fingerabdruck[, der mit {fingerprint} beginnt].',
  'step-enrol': 'Schlüssel erzeugen',
  'stepText-enrol':
    'Geben Sie Ihren Namen und eine Passphrase ein. Der Laptop macht daraus einen Schlüssel und eine Anmeldung.',
  'step-approve': 'Eingelassen werden',
  'stepText-approve': 'Der Herausgeber nimmt Ihre Anmeldung an. Hier spielen Sie den Herausgeber.',
  'step-sign-in': 'Anmelden',
  'stepText-sign-in': 'Melden Sie sich mit der gewählten Passphrase an.',
  'step-sync': 'Abgleichen',
  'stepText-sync': 'Holen Sie die signierten Pläne und Dateien, solange es eine Verbindung gibt.',
  'step-offline': 'Das Netz verlassen',
  'stepText-offline': 'Schalten Sie den Offline-Betrieb ein. Ab hier braucht nichts mehr den Server.',
  'step-safe-state': 'Die Maschine sichern',
  'stepText-safe-state':
    'Starten Sie die Aktualisierung[ von {device}]. Sie wartet, weil der Ausleger oben ist. Senken Sie ihn unten ab.',
  'step-update': 'Aktualisieren',
  'stepText-update':
    'Sehen Sie beim Schreiben zu, schieben Sie zum Neustart, bestätigen Sie, dass der Bereich frei ist, und sehen Sie, was zurückgelesen wird.',
  'step-online': 'Zurückkommen',
  'stepText-online': 'Schalten Sie den Offline-Betrieb wieder aus.',
  'step-audit': 'Protokoll hochladen',
  'stepText-audit': 'Gleichen Sie ab. Das versiegelte Protokoll geht zum Server, der eine Quittung dafür signiert.',

  fault: 'Was mit ihm geschieht',
  'fault-none': 'alles gut',
  'fault-power-loss': 'Strom fällt beim Schreiben aus',
  'fault-drop-frames': 'schlechtes Kabel',
  'fault-lie-about-version': 'nennt eine falsche Version',
  'fault-broken-application': 'seine Anwendung ist beschädigt',
  'fault-refuse-image': 'lehnt das Abbild ab',
  'fault-stall': 'antwortet nicht mehr',
  'fault-boom-up': 'Ausleger ist oben',
}
