import type { Catalogue } from '../words-of.ts'

export const start: Catalogue['start'] = {
  title: 'Willkommen bei Slipway',
  titleSignIn: 'Wer arbeitet hier?',
  lead: 'Einige kurze Schritte, einmal. Der Herausgeber gibt Ihnen eine Adresse; dieser Laptop gibt Ihnen eine Anmeldung für ihn.',
  leadSignIn: 'Melden Sie sich an, um zu aktualisieren. Umsehen geht ohne Anmeldung.',
  signedInAs: '{name} ist angemeldet. Hier kann jemand anderes übernehmen.',
  skip: 'Ohne Anmeldung umsehen',
  done: 'fertig',

  trustTitle: 'Vertrauen einrichten',
  trustWhy:
    'Slipway glaubt nur, was Ihr Herausgeber signiert hat. Geben Sie die Adresse des Servers ein und vergleichen Sie seinen Fingerabdruck.',
  trustDone: 'Diese Konsole vertraut {url}.',
  address: 'Adresse des Servers oder Ordner eines Pakets',
  addressHelp:
    'Die Adresse nennt Ihnen der Herausgeber, etwa https://updates.example.com/slipway. Ein Paket ist ein Ordner, etwa /media/stick oder E:\\.',
  fromPack: 'Aus dem Paket in {folder}; nichts darin gilt, bevor sein Fingerabdruck verglichen ist.',
  look: 'Fingerabdruck zeigen',
  fingerprint: 'Fingerabdruck der Wurzel',
  compare:
    'Vergleichen Sie ihn, Gruppe für Gruppe, mit dem, was der Herausgeber Ihnen auf anderem Weg gesagt hat: auf Papier, am Telefon, persönlich.',
  rootFacts: 'Wurzel Version {version}, gültig bis {until:day}, signiert von {threshold} der {keys} Schlüssel.',
  matches: 'Er stimmt. Diesem Herausgeber vertrauen',
  differs: 'Er stimmt nicht',
  differsTitle: 'Vertrauen Sie diesem Server nicht',
  differsWhy: 'Fragen Sie den Herausgeber nach der richtigen Adresse. Nichts wurde gespeichert.',
  otherAddress: 'Andere Adresse eingeben',

  whoTitle: 'Wer sind Sie',
  whoWhy:
    'Aus Ihrem Namen und einer Passphrase wird auf diesem Laptop ein Schlüssel. Der Herausgeber lässt diesen Schlüssel ein.',
  name: 'Ihr Name',
  nameHelp: 'So, wie man Sie kennt. Er steht in jedem Protokoll.',
  passphrase: 'Passphrase',
  passphraseHelp:
    'Mindestens 12 Zeichen; am besten vier Wörter, die nicht zusammengehören. Niemand kann sie zurücksetzen.',
  repeat: 'Passphrase wiederholen',
  repeatDiffers: 'Die beiden sind verschieden.',
  enrol: 'Schlüssel erzeugen',
  requestTitle: 'Ihre Anmeldung',
  requestWhy:
    'Geben Sie das dem Herausgeber: Lassen Sie den Code scannen, kopieren Sie den Text oder nehmen Sie ihn als Datei mit. Sind Sie angenommen, gleichen Sie ab.',
  requestQr: 'Anmeldung von {name} als QR-Code',
  requestText: 'Anmeldung als Text',
  copyRequest: 'Text kopieren',
  saveRequest: 'Als Datei sichern',
  signInTitle: 'Anmelden',
  signIn: 'Anmelden',
  whoSigns: 'Wer meldet sich an',
  somebodyNew: 'Jemand Neues eintragen',
  backToSignIn: 'Zurück zur Anmeldung',

  syncTitle: 'Abgleichen',
  syncWhy: 'Holen Sie die signierten Listen und die Dateien, die Ihre Reise braucht.',
  toSync: 'Zum Abgleich',
  siteTitle: 'Standort wählen',
  siteWhy: 'Wo sind Sie? Der Standort bestimmt, welche Geräte erwartet werden.',
  toSite: 'Standort wählen',

  demoTitle: 'Vorführung ausprobieren',
  demoWhy: 'Simulierte Geräte und ein eigener Server, zum Lernen. Schließen Sie Slipway und starten Sie es so:',
  demoCommand: 'npm start -- --demo',
  goOn: 'Zum Standort',
}
