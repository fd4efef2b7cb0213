import type { ConsoleErrors } from '../error-codes.ts'

export const consoleErrors: ConsoleErrors = {
  'rpc.bad-frame': [
    'Konsollen fikk en melding den ikke kan lese.',
    'Lukk dette vinduet og start Slipway på nytt. Skjer det igjen, si fra til brukerstøtte.',
  ],
  'rpc.bad-input': [
    'Det kunne ikke godtas[ (felt {at})].',
    'Rett det og prøv igjen. Er ingenting feil på skjermen, si fra til brukerstøtte.',
  ],
  'rpc.bad-output': [
    'Konsollen laget et svar som ikke gir mening; det vises ikke.',
    'Gi brukerstøtte koden nedenfor. Ingenting ble endret på noen enhet av dette.',
  ],
  'rpc.unknown-method': [
    'Denne delen av programmet kjenner ikke forespørselen.',
    'Lukk dette vinduet og start Slipway på nytt, så begge delene har samme versjon.',
  ],
  'rpc.version-mismatch': [
    'Dette vinduet og motoren bak det har ulike versjoner[ ({client} og {host})].',
    'Lukk dette vinduet og start Slipway på nytt.',
  ],
  'rpc.too-large': [
    'Det var for mye på én gang[ ({length} tegn)].',
    'Be om mindre. Gjorde du ikke noe uvanlig, si fra til brukerstøtte.',
  ],
  'rpc.too-many-streams': ['For mye er åpent i dette vinduet på én gang.', 'Lukk noen bilder og prøv igjen.'],
  'rpc.closed': [
    'Forbindelsen mellom dette vinduet og motoren ble brutt. Oppdateringer som pågår, fortsetter uten den.',
    'Vent litt: Vinduet kobler seg til igjen av seg selv. Hvis ikke, start Slipway på nytt.',
  ],
  'rpc.unauthorised': [
    'Motoren slapp ikke inn dette vinduet, fordi nøkkelen ikke lenger gjelder.',
    'Lukk dette vinduet og start Slipway på nytt.',
  ],
  internal: [
    'Noe gikk galt inne i Slipway som ingen hadde forutsett.',
    'Prøv en gang til. Skjer det igjen, gi brukerstøtte[ loggnummeret {log}].',
  ],
  cancelled: ['Det ble stoppet før det var ferdig.', 'Start det igjen når du vil.'],
  timeout: ['Det tok for lang tid[ (mer enn {afterMs:duration})] og ble gitt opp.', 'Prøv igjen.'],

  'host.already-running': [
    'Slipway kjører allerede med denne datamappen[ (prosess {pid})].',
    'Bruk vinduet som er åpent, eller lukk det først.',
  ],
  'host.unavailable': [
    'Motoren i Slipway kjører ikke.',
    'Start Slipway på nytt. Oppdateringer som pågikk, fortsetter der de stoppet.',
  ],
  'host.no-keystore': [
    'Nøklene på denne laptopen kunne ikke åpnes, fordi nøkkellageret ikke svarer.',
    'Logg inn i operativsystemet som den som satte opp Slipway, og lås opp nøkkellageret.',
  ],
  'host.crypto-broken': [
    'Kryptografien på denne laptopen regner feil[: {wrong}]. Slipway starter ikke med den.',
    'Installer Slipway på nytt. Vedvarer det, bruk en annen laptop og si fra til brukerstøtte.',
  ],
  'host.no-dictionaries': [
    'Programmet kan ikke åpne endringer i eldre filer her. Filer kommer hele og koster mer.',
    'Det er ingenting i veien med det som er om bord. Installer Slipway på nytt, eller si fra til brukerstøtten.',
  ],
  'file.not-found': ['Filen er ikke der[: {path}].', 'Sjekk navnet og mappen, og prøv igjen.'],
  'file.unreadable': [
    'Filen kan ikke leses eller skrives[: {path}].',
    'Sjekk at minnepinnen er satt inn og at du har lov til å bruke mappen.',
  ],
  'file.too-large': ['Filen er for stor[: {bytes:bytes}, høyst {limit:bytes}].', 'Velg en mindre fil.'],
  'disk.full': [
    'Disken på denne laptopen er full[, {free:bytes} er ledig og {needed:bytes} trengs].',
    'Frigjør plass og prøv igjen. Ingenting som er lagret, er tapt.',
  ],

  'store.from-the-future': [
    'Dataene på denne laptopen er skrevet av et nyere Slipway[ (format {found}, dette kjenner {known})].',
    'Installer den nyere versjonen igjen. Dataene er ikke rørt.',
  ],
  'store.corrupt': [
    'Databasen på denne laptopen er skadet.',
    'Ikke slett noe. Si fra til brukerstøtte: Det som ikke er lastet opp, kan kanskje reddes.',
  ],
  'store.read-only': [
    'Datamappen kan ikke skrives til. Ingenting kan noteres, så ingenting får endres.',
    'Gjør mappen skrivbar for din konto, og start Slipway på nytt.',
  ],
  'store.locked': ['Databasen er opptatt.', 'Prøv igjen om noen sekunder.'],
  'store.migration-failed': [
    'Dataene på denne laptopen kunne ikke tas over til denne versjonen[ (steg {version})]. En kopi fra før er tatt vare på.',
    'Installer den forrige versjonen igjen og si fra til brukerstøtte.',
  ],

  'alert.unknown': ['Det varselet er ikke lenger i listen.', 'Se på listen slik den er nå.'],
}
