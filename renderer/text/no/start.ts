import type { Catalogue } from '../words-of.ts'

export const start: Catalogue['start'] = {
  title: 'Velkommen til Slipway',
  titleSignIn: 'Hvem arbeider her?',
  lead: 'Noen få korte steg, én gang. Utgiveren gir deg en adresse; denne laptopen gir deg en innmelding til dem.',
  leadSignIn: 'Logg inn for å oppdatere. Å se seg om trenger ingen innlogging.',
  signedInAs: '{name} er logget inn. Noen andre kan ta over her.',
  skip: 'Se deg om uten å logge inn',
  done: 'ferdig',

  trustTitle: 'Hent tillit',
  trustWhy:
    'Slipway tror bare på det utgiveren din har signert. Skriv inn adressen til serveren og sammenlign fingeravtrykket.',
  trustDone: 'Denne konsollen stoler på {url}.',
  address: 'Adressen til serveren, eller mappen til en pakke',
  addressHelp:
    'Utgiveren gir deg adressen, for eksempel https://updates.example.com/slipway. En pakke er en mappe, for eksempel /media/stick eller E:\\.',
  fromPack: 'Fra pakken i {folder}; ingenting i den gjelder før fingeravtrykket er sammenlignet.',
  look: 'Vis fingeravtrykket',
  fingerprint: 'Fingeravtrykket til roten',
  compare:
    'Sammenlign det, gruppe for gruppe, med det utgiveren har sagt deg på en annen måte: på papir, på telefon, ansikt til ansikt.',
  rootFacts: 'Rot versjon {version}, gyldig til {until:day}, signert av {threshold} av {keys} nøkler.',
  matches: 'Det stemmer. Stol på denne utgiveren',
  differs: 'Det stemmer ikke',
  differsTitle: 'Ikke stol på denne serveren',
  differsWhy: 'Spør utgiveren om riktig adresse. Ingenting ble lagret.',
  otherAddress: 'Skriv inn en annen adresse',

  whoTitle: 'Hvem er du',
  whoWhy: 'Navnet ditt og en passordfrase blir til en nøkkel på denne laptopen. Utgiveren slipper inn den nøkkelen.',
  name: 'Navnet ditt',
  nameHelp: 'Slik kolleger kjenner deg. Det står i hver logg.',
  passphrase: 'Passordfrase',
  passphraseHelp: 'Minst 12 tegn; helst fire ord som ikke hører sammen. Ingen kan nullstille den.',
  repeat: 'Gjenta passordfrasen',
  repeatDiffers: 'De to er ulike.',
  enrol: 'Lag nøkkelen min',
  requestTitle: 'Innmeldingen din',
  requestWhy:
    'Gi denne til utgiveren: La dem skanne koden, kopier teksten, eller ta den med som fil. Når de har godtatt deg, synkroniser.',
  requestQr: 'Innmeldingen til {name} som QR-kode',
  requestText: 'Innmeldingen som tekst',
  copyRequest: 'Kopier teksten',
  saveRequest: 'Lagre som fil',
  signInTitle: 'Logg inn',
  signIn: 'Logg inn',
  whoSigns: 'Hvem logger inn',
  somebodyNew: 'Meld inn noen ny',
  backToSignIn: 'Tilbake til innlogging',

  syncTitle: 'Synkroniser',
  syncWhy: 'Hent de signerte listene og filene som turen din trenger.',
  toSync: 'Gå til Synk',
  siteTitle: 'Velg sted',
  siteWhy: 'Hvor er du? Stedet avgjør hvilke enheter som ventes.',
  toSite: 'Velg sted',

  demoTitle: 'Prøv demoen',
  demoWhy: 'Simulerte enheter og en egen server, til å lære med. Lukk Slipway og start det med:',
  demoCommand: 'npm start -- --demo',
  goOn: 'Gå til stedet',
}
