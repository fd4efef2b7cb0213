import type { PeopleErrors } from '../error-codes.ts'

export const peopleErrors: PeopleErrors = {
  'audit.no-recipients': [
    'Ingen er utpekt ennå til å lese loggen, så detaljene kan ikke forsegles.',
    'Hent tillit og synkroniser: De signerte retningslinjene peker dem ut.',
  ],
  'audit.chain-broken': [
    'Loggen på denne laptopen er endret eller skadet[ ved post {seq}].',
    'Ikke slett noe. Last opp loggen og si fra til dem som leser den.',
  ],
  'audit.bad-head': [
    'Den signerte enden av loggen stemmer ikke med loggen[ (post {seq})].',
    'Ikke slett noe. Si fra til dem som leser loggen.',
  ],
  'audit.bad-receipt': [
    'Kvitteringen for den opplastede loggen er ikke gyldig. Postene blir på denne laptopen.',
    'Last opp igjen. Vedvarer det, si fra til dem som driver serveren.',
  ],
  'audit.bad-segment': [
    'Den opplastede delen av loggen kan ikke leses.',
    'Last opp igjen. Vedvarer det, si fra til dem som driver serveren.',
  ],
  'audit.gap': [
    'Det mangler poster mellom det serveren har og det som ble sendt[: {expected} ventet, {found} kom].',
    'Si fra til dem som driver serveren. Ingenting er slettet her.',
  ],
  'audit.fork': [
    'Serveren har en annen historie for denne konsollen. En kopi av den kan være i bruk.',
    'Ikke arbeid videre med denne laptopen før de som driver serveren, har sett på det.',
  ],
  'audit.unknown-console': [
    'Serveren kjenner ikke denne konsollen.',
    'Gi utgiveren innmeldingen din, og synkroniser når den er godtatt.',
  ],
  'audit.refused': ['Serveren avviste loggen.', 'Postene blir her. Si fra til dem som driver serveren.'],
  'audit.truncated': [
    'Slutten av loggen mangler[: Den skulle gå til post {expected}, men slutter ved {found}].',
    'Ikke slett noe. Si fra til dem som leser loggen.',
  ],
  'audit.upload-overdue': [
    'Loggen er ikke lastet opp på lenge[: {entries|# post venter|# poster venter}, den eldste siden {since:day}].',
    'Koble til serveren og synkroniser, eller legg loggen på en minnepinne til en konsoll med forbindelse.',
  ],
  'audit.bad-waybill': [
    'Papirene til en logg på minnepinnen stemmer ikke med den[ ({console})]. Den ble ikke tatt inn.',
    'Si fra til den som kom med minnepinnen. Loggen er fortsatt på laptopen den kommer fra.',
  ],
  'audit.carried-full': [
    'Logger fra andre konsoller tar all plassen de kan få[: {used:bytes} av {limit:bytes}]. Resten ble på minnepinnen.',
    'Synkroniser, så de blir sendt, og ta inn minnepinnen igjen.',
  ],
  'audit.carried-overdue': [
    'Logger fra andre konsoller har ventet her lenge[: {entries|# post|# poster}, den eldste siden {since:day}].',
    'Koble til serveren og synkroniser, så de blir sendt.',
  ],

  'people.not-signed-in': ['Ingen er logget inn.', 'Logg inn og prøv igjen.'],
  'people.unknown-operator': [
    'Denne laptopen kjenner ikke den personen[: {operator}].',
    'Meld deg inn på denne laptopen først.',
  ],
  'people.wrong-passphrase': [
    'Passordfrasen er ikke riktig.',
    'Skriv den en gang til. Se på Caps Lock og tastaturspråket.',
  ],
  'people.weak-passphrase': [
    'Passordfrasen er for lett å gjette.',
    'Bruk en lengre[, minst {min|# tegn|# tegn}], helst fire ord som ikke hører sammen.',
  ],
  'people.too-many-attempts': ['For mange feil passordfraser.', 'Vent [{waitMs:duration} ]og prøv igjen.'],
  'people.not-enrolled': [
    'Utgiveren har ikke godtatt deg på denne konsollen ennå.',
    'Lever innmeldingen din. Når den er godtatt, synkroniser.',
  ],
  'people.lease-ended': [
    'Tillatelsen din gikk ut[ {until:datetime}]. Du kan fortsatt se og laste opp, men ikke oppdatere.',
    'Koble til serveren og synkroniser. Vedvarer det, be utgiveren om å fornye den.',
  ],
  'people.lease-ends-soon': [
    'Tillatelsen din går snart ut[: {until:datetime}].',
    'Synkroniser før det. Vedvarer det, be utgiveren om å fornye den.',
  ],
  'people.role-missing': ['Du har ikke rollen som trengs[: {needed}].', 'Spør noen som har den, eller spør utgiveren.'],
  'people.site-not-allowed': [
    'Tillatelsen din gjelder ikke dette stedet[: {site}].',
    'Spør noen som har lov her, eller spør utgiveren.',
  ],
  'people.type-not-allowed': [
    'Tillatelsen din gjelder ikke denne enhetstypen[: {type}].',
    'Spør noen som har lov til å vedlikeholde den, eller spør utgiveren.',
  ],
  'people.second-person-needed': [
    'Dette trenger en person til.',
    'Be en kollega som er innmeldt på denne laptopen, om å bekrefte med sin egen passordfrase.',
  ],
  'people.same-person-twice': [
    'Den andre personen må være en annen.',
    'Be en kollega om å bekrefte med sin egen passordfrase.',
  ],
  'people.name-taken': [
    'Noen med det navnet er alt innmeldt her[: {name}].',
    'Logg inn, eller legg til noe i navnet som skiller dere.',
  ],
}
