import type { TrustErrors } from '../error-codes.ts'

export const trustErrors: TrustErrors = {
  'trust.none': [
    'Denne konsollen stoler ikke på noen utgiver ennå.',
    'Hent tillit først: Skriv inn adressen til serveren og sammenlign fingeravtrykket.',
  ],
  'trust.bad-json': [
    'En signert liste fra serveren er ikke velformet[ ({role})].',
    'Synkroniser igjen. Vedvarer det, si fra til utgiveren: Ingenting av den ble brukt.',
  ],
  'trust.bad-metadata': [
    'En signert liste fra serveren bryter reglene for slike lister[ ({role})].',
    'Si fra til utgiveren. Det konsollen hadde fra før, gjelder fortsatt.',
  ],
  'trust.bad-signature': [
    'En signatur stemmer ikke[ ({role})]. Dataene ble endret underveis, eller noen andre har signert dem.',
    'Ikke gå videre med denne kilden. Si fra til utgiveren. Det du hadde fra før, gjelder fortsatt.',
  ],
  'trust.threshold': [
    'For få gyldige signaturer[ på {role}][: {found} av {needed}][: {have} av {need}].',
    'Si fra til utgiveren. Det konsollen hadde fra før, gjelder fortsatt.',
  ],
  'trust.unknown-key': [
    'Noe er signert med en nøkkel som ingen går god for[ ({role})].',
    'Si fra til utgiveren. Det konsollen hadde fra før, gjelder fortsatt.',
  ],
  'trust.expired': [
    'Det utgiveren har signert, gjelder ikke lenger[ ({role}, til {expires:datetime})].',
    'Koble til serveren og synkroniser. Vedvarer det, må utgiveren signere på nytt.',
  ],
  'trust.rollback': [
    'Serveren tilbød noe eldre enn det konsollen alt har[ ({role}: {found} etter {known})][ ({role}: {found} etter {held})].',
    'Ikke gå videre med denne kilden. Si fra til utgiveren: Det kan være et angrep eller en gammel kopi.',
  ],
  'trust.mix-and-match': [
    'Listene på serveren hører ikke sammen[ ({role})].',
    'Synkroniser igjen om noen minutter. Vedvarer det, si fra til utgiveren.',
  ],
  'trust.hash-mismatch': [
    'En fil er ikke den som ble signert[: {target}].',
    'Synkroniser igjen: Den hentes på nytt. Vedvarer det, si fra til utgiveren.',
  ],
  'trust.length-mismatch': [
    'En fil har ikke den signerte lengden[: {target}].',
    'Synkroniser igjen: Den hentes på nytt. Vedvarer det, si fra til utgiveren.',
  ],
  'trust.too-large': [
    'Serveren sendte mer enn den får[ for {role}][, over {limit:bytes}].',
    'Sjekk adressen til serveren. Stemmer den, si fra til utgiveren.',
  ],
  'trust.too-many-roots': [
    'Denne konsollen har gått glipp av flere bytter av rotnøkler enn den får ta igjen på én gang[ ({limit})].',
    'Si fra til utgiveren: Tilliten må settes opp på nytt.',
  ],
  'trust.too-many-delegations': ['Utgiveren har delt listene sine i for mange deler.', 'Si fra til utgiveren.'],
  'trust.unknown-target': [
    'De signerte listene nevner ikke denne filen[: {target}].',
    'Synkroniser. Vedvarer det, har utgiveren ikke frigitt den.',
  ],
  'trust.fingerprint-mismatch': [
    'Fingeravtrykket er ikke det du bekreftet. Noen kan stå mellom deg og serveren.',
    'Ikke stol på denne serveren. Få fingeravtrykket fra utgiveren på en annen måte og sammenlign igjen.',
  ],
  'trust.already-adopted': [
    'Denne konsollen stoler allerede på en utgiver[: {url}].',
    'For å bytte utgiver, sett opp konsollen på nytt. For å bytte adresse, bruk fingeravtrykket den stoler på.',
  ],
  'trust.cache-corrupt': [
    'Det konsollen har lagret om tillit, er skadet; ingenting av det brukes.',
    'Koble til serveren og synkroniser.',
  ],
  'trust.offline-too-long': [
    'Denne konsollen har vært frakoblet for lenge[: {days|# dag|# dager} siden siste signerte beskjed, {limit} tillatt].',
    'Koble til serveren og synkroniser. Noen få kilobyte er nok.',
  ],
  'trust.clock-behind': [
    'Klokken på denne laptopen går etter det som er signert[, {byMs:duration}]. Slipway bruker den signerte tiden i stedet.',
    'Still klokken på laptopen. Arbeidet fortsetter imens.',
  ],
  'trust.clock-set-back': [
    'Klokken på denne laptopen viser en tidligere dato enn før[, med {byMs:duration}]. Slipway regner med den seneste.',
    'Still klokken på laptopen. Gikk den en gang for fort ved en feil, retter neste synkronisering det.',
  ],
  'trust.unsupported-spec': [
    'Serveren bruker et nyere format enn denne konsollen kjenner[ ({version})].',
    'Installer nyeste Slipway.',
  ],
  'trust.renew-soon': [
    'Tilliten går snart ut[: {until:datetime}].',
    'Koble til serveren og synkroniser før det. Noen få kilobyte er nok.',
  ],
  'document.invalid': [
    'Et signert dokument gir ikke mening[: {path}].',
    'Si fra til utgiveren. Dokumentet brukes ikke.',
  ],
  'document.unknown-format': [
    'Et signert dokument har et format som denne konsollen ikke kjenner[: {path}][ ({format})].',
    'Installer nyeste Slipway.',
  ],
  'document.wrong-id': [
    'Et signert dokument kaller seg noe annet enn plassen tilsier[: {path}].',
    'Si fra til utgiveren. Dokumentet brukes ikke.',
  ],

  'sync.offline': [
    'Konsollen er satt til å være frakoblet, så ingenting ble hentet.',
    'Slå av frakoblet modus når du vil koble til.',
  ],
  'sync.unreachable': [
    'Serveren svarer ikke[: {host}].',
    'Sjekk nettet og adressen, og prøv igjen. Det som er om bord, kan fortsatt brukes.',
  ],
  'sync.http': [
    'Serveren nektet[: status {status}][ for {path}].',
    'Prøv igjen senere. Vedvarer det, si fra til dem som driver serveren.',
  ],
  'sync.not-found': [
    'Serveren mangler en fil den skulle ha[: {path}].',
    'Prøv igjen om noen minutter. Vedvarer det, si fra til utgiveren.',
  ],
  'sync.stalled': [
    'Overføringen sto stille[ i {afterMs:duration}] og ble stoppet. Det som kom, er tatt vare på.',
    'Prøv igjen: Den fortsetter der den stoppet.',
  ],
  'sync.bad-certificate': [
    'Sertifikatet eller nøkkelen kan ikke brukes[: {why}].',
    'Be dem som driver tjeneren om et sertifikat i PEM-form, med nøkkel uten passordfrase.',
  ],
  'sync.tls-untrusted': [
    'Denne konsollen stoler ikke på tjenerens sertifikat[: {host}][ ({reason})].',
    'Sjekk datoen på denne maskinen. Har tjeneren sin egen utsteder, legg den til under Innstillinger, Tillit og sted.',
  ],
  'sync.tls-refused': [
    'Tjeneren slapp ikke inn denne konsollen[: {host}].',
    'Den vil ha et sertifikat, eller et annet. Legg det til under Innstillinger, Tillit og sted.',
  ],
  'sync.proxy': [
    'Mellomtjeneren på veien til tjeneren sa nei[: {host}].',
    'Spør hvem som driver nettet her. Slipway tar mellomtjeneren fra miljøet.',
  ],
  'sync.range-ignored': [
    'Serveren kan ikke fortsette en brutt overføring, så filen må hentes fra begynnelsen[: {path}].',
    'Prøv igjen med bedre forbindelse, eller si fra til dem som driver serveren.',
  ],
  'sync.changed-on-server': [
    'Filen ble endret på serveren mens den ble hentet[: {path}].',
    'Synkroniser igjen: Det begynner på nytt med filen slik den er nå.',
  ],
  'sync.bad-delta': [
    'De lagrede forskjellene fra en eldre versjon henger ikke sammen[: {why}].',
    'Synkroniser igjen: Filen hentes da på en annen måte. Vedvarer det, si fra til utgiveren.',
  ],
  'sync.busy': ['En synkronisering pågår allerede.', 'Vent til den er ferdig, eller stopp den først.'],
  'sync.no-server': ['Ingen server er satt opp.', 'Hent tillit først: Skriv inn adressen til serveren.'],
  'sync.bad-url': [
    'Det er ikke en adresse en server kan ha[: {url}].',
    'Skriv den helt ut, som https://updates.example.com.',
  ],
  'sync.not-a-repository': [
    'Det ligger ikke noe oppdateringslager på den adressen[: {url}].',
    'Sjekk adressen med utgiveren.',
  ],
  'sync.over-budget': [
    'Resten får ikke plass i databudsjettet ditt[: {needed:bytes} mangler, {budget:bytes} tillatt].',
    'Øk budsjettet, eller synkroniser resten på en billigere forbindelse.',
  ],
  'sync.outside-window': [
    'Filer hentes bare til tidene som er satt[, {from} til {to}].',
    'Det fortsetter av seg selv[ {opensAt:datetime}]. For å hente nå, si hvor lenge.',
  ],
  'sync.time-over': [
    'Tiden for denne synkroniseringen er ute. Det som har kommet, blir.',
    'Start igjen når du vil: den fortsetter der den sluttet.',
  ],
  'sync.metered': [
    'Denne forbindelsen betales per byte[: {needed:bytes} venter fortsatt]. Over den kommer bare det som haster[, opptil {allowed:bytes}].',
    'Det fortsetter av seg selv på en annen forbindelse. Eller si at denne ikke betales per byte.',
  ],
  'sync.paused': ['Hentingen har pause[, satt av {by}][, siden {since:datetime}].', 'Trykk Fortsett.'],

  'source.unknown': ['Det finnes ingen slik kilde her[: {source}].', 'Se i listen over kilder.'],
  'source.exists': [
    'Det finnes alt en kilde med dette navnet eller denne utgiveren[: {source}].',
    'Velg et annet navn, eller fjern den andre først. Din egen utgiver er ingen kilde.',
  ],
  'source.too-many': ['Det finnes alt for mange kilder[: {limit}].', 'Fjern en som ikke trengs lenger.'],
  'source.bad-path': [
    'Filen har et navn som fører ut av mappen sin[: {target}]. Den ble ikke hentet.',
    'Si fra til utgiveren av det repositoriet. Ingenting ble endret her.',
  ],
  'source.reserved-path': [
    'Bare din egen utgiver kan kalle filer dette[: {target}]. Den ble ikke hentet.',
    'Et slikt repositorium gir filer og ikke noe annet: planer og rettigheter kommer fra din egen utgiver.',
  ],
  'source.outside-filter': [
    'Filen er ikke blant dem denne kilden ble lagt til for[: {target}].',
    'Trengs den, fjern kilden og legg den til igjen med flere stier.',
  ],

  'pack.not-found': [
    'Det ligger ingen pakke i den mappen[: {folder}].',
    'Velg minnepinnen eller mappen der pakken ligger, skrevet fullt ut.',
  ],
  'pack.bad-file': [
    'Noe i pakken er verken en vanlig fil eller en mappe[: {file}]. Det ble ikke rørt.',
    'Ikke bruk denne minnepinnen. Få pakken laget på nytt på en ren.',
  ],
  'pack.older': [
    'Pakken er eldre enn det denne konsollen har[: den er fra {found:datetime}, denne konsollen har {held:datetime}].',
    'Ingenting ble endret. Be om en nyere pakke, eller synkroniser.',
  ],
  'pack.unreadable': [
    'Pakken kan ikke leses[: {file}][ ({reason})].',
    'Se etter at minnepinnen står i, og ta inn pakken igjen: den fortsetter der den var.',
  ],
  'pack.unwritable': [
    'Pakken kan ikke skrives[: {file}][ ({reason})].',
    'Se etter at minnepinnen står i og ikke er skrivebeskyttet, og lag pakken igjen: den fortsetter der den var.',
  ],
  'pack.full': [
    'Det er ikke nok plass til pakken[, {free:bytes} er ledig og {needed:bytes} trengs].',
    'Ta en større minnepinne, eller velg færre planer.',
  ],

  'artifact.missing': [
    'Filen som skal installeres, er ikke om bord[: {target}].',
    'Synkroniser mens det er forbindelse.',
  ],
  'artifact.corrupt': [
    'Filen som skal installeres, er skadet[: {target}]. Den brukes ikke.',
    'Synkroniser: En kopi som ble skadet her, hentes på nytt. Hvis det ikke hjelper, si fra til utgiveren.',
  ],
  'artifact.unreadable': ['Filen som skal installeres, kan ikke forstås[: {target}].', 'Si fra til utgiveren.'],
  'artifact.wrong-type': [
    'Filen er ikke av det slaget den sier[: {target}][ (fant {found}, ventet {expected})].',
    'Si fra til utgiveren.',
  ],
  'artifact.padded': [
    'Bildet er laget for direkte skriving og har med egne ordrer til oppstartslasteren[: {target}]. Planen sier ikke at det kan bli for godt, så det blir avvist.',
    'Be utgiveren om et bilde uten utfylling og bekreftelse.',
  ],
  'artifact.unsigned': [
    'Selve bildet har ingen signatur, men enhetstypen krever en[: {target}].',
    'Be utgiveren om et signert bilde.',
  ],
  'artifact.bad-signature': [
    'Signaturen inne i bildet stemmer ikke[: {target}].',
    'Ikke bruk det. Si fra til utgiveren.',
  ],
  'artifact.version-mismatch': [
    'Bildet inneholder en annen versjon enn planen sier[: {found} i stedet for {expected}].',
    'Si fra til utgiveren.',
  ],
}
