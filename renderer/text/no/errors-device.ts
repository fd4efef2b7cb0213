import type { DeviceErrors } from '../error-codes.ts'

export const deviceErrors: DeviceErrors = {
  'link.not-found': [
    'Det er ingenting på den porten eller adressen[: {address}].',
    'Sjekk kabelen og adressen, og prøv igjen.',
  ],
  'link.busy': [
    'Et annet program bruker porten[: {address}].',
    'Lukk terminalprogrammer og andre verktøy som bruker den, og prøv igjen.',
  ],
  'link.no-permission': [
    'Denne kontoen får ikke bruke porten[: {address}].',
    'På Linux: Legg kontoen i gruppen som eier porten (ofte dialout), og logg inn på nytt.',
  ],
  'link.lost': [
    'Forbindelsen til enheten ble brutt[ ({address})].',
    'Sjekk kabelen. Slipway fortsetter av seg selv når enheten er tilbake.',
  ],
  'link.refused': [
    'Enheten avviste forbindelsen[ ({address})].',
    'Sjekk at tjenesten kjører på enheten og at adressen stemmer.',
  ],
  'link.timeout': [
    'Enheten svarte ikke i tide[ ({waitedMs:duration})][ på {address}].',
    'Sjekk at den har strøm og at kabelen sitter i, og prøv igjen.',
  ],
  'link.unsupported': [
    'Denne laptopen kan ikke bruke den typen forbindelse[: {address}].',
    'Nå enheten på en annen måte.',
  ],
  'link.bad-address': [
    'Det er ikke en adresse[: {address}].',
    'Skriv den som serial:/dev/ttyUSB0, udp://10.0.0.7:1337, http://10.0.0.9:8080 eller ssh://root@10.0.0.9.',
  ],
  'link.untrusted': [
    'Enheten kan ikke bevise at den er den rette[ ({address})].',
    'Ingenting ble sendt til den. Kontroller adressen og datoen på denne laptopen; sertifikatet kan være utløpt eller byttet.',
  ],
  'link.host-key-changed': [
    'Enheten viser en annen vertsnøkkel enn den signerte[: {seen} i stedet for {expected}].',
    'Ingen ble logget inn. Det kan være en annen maskin. Vet du at enheten er satt opp på nytt, be utgiveren signere den nye nøkkelen, og synkroniser så.',
  ],
  'link.host-key-unknown': [
    'Ingen signert fil sier hvilken vertsnøkkel denne enheten kjennes på[; den viser {seen}].',
    'Ingen ble logget inn. Sammenlign den med den på selve enheten, be utgiveren legge den inn for stedet, og synkroniser så.',
  ],
  'link.not-searchable': [
    'Det nettet blir ikke gjennomsøkt[: {network}].',
    'Bare private nett med høyst 1022 adresser blir det, som 192.168.1.0/24.',
  ],
  'link.io': [
    'Lesing eller skriving på porten gikk galt[ ({address})].',
    'Trekk ut kabelen, sett den inn igjen og prøv på nytt.',
  ],

  'device.no-answer': [
    'Enheten svarer ikke[ ({waitedMs:duration})].',
    'Sjekk at den har strøm og at ingenting annet snakker med den, og prøv igjen.',
  ],
  'device.bad-frame': [
    'Enheten svarte med noe som ikke kan forstås.',
    'Sjekk kabelen og hastigheten på porten, og prøv igjen.',
  ],
  'device.refused': ['Enheten nektet.', 'Se på enheten hva som hindrer den, og prøv igjen.'],
  'device.busy': ['Enheten er opptatt.', 'Vent til den er ferdig, og prøv igjen.'],
  'device.unauthorised': [
    'Enheten vil ha innlogging[ ({address})].',
    'Lagre brukernavn og passord for den, og prøv igjen.',
  ],
  'device.not-mine': ['Noe annet svarer på den adressen[: {address}].', 'Sjekk hvilken enhet som er koblet til der.'],
  'device.unknown': [
    'En slik enhet er ikke kjent her[: {device}].',
    'Koble den til, eller synkroniser listen for stedet.',
  ],
  'device.no-profile': [
    'Det finnes ingen signert profil for denne enhetstypen[: {type}].',
    'Synkroniser. Vedvarer det, be utgiveren om profilen.',
  ],
  'device.identity-missing': [
    'Enheten sier ikke hvem den er.',
    'Sjekk at den er satt opp med serienummer. En oppdatering må vite hvilken enhet den møter.',
  ],
  'device.identity-changed': [
    'En annen enhet svarer enn den som er ment[: {found} i stedet for {expected}]. Ingenting er gjort med den.',
    'Koble til riktig enhet.',
  ],
  'device.duplicate': [
    'To enheter svarer med samme identitet[: {device}]. Ingen av dem røres.',
    'Koble fra en av dem.',
  ],
  'device.gone': ['Enheten er ikke tilkoblet[: {device}].', 'Koble den til og prøv igjen.'],
  'device.no-slot': [
    'Enheten har ikke plass til et bilde til[ av {component}] og kan ikke oppdateres slik.',
    'Si fra til utgiveren av planen.',
  ],
  'device.pending-image': [
    'Et annet bilde venter allerede i enheten[: {version}]. Noen andre har lagt det der.',
    'Finn ut hvem. Start så enheten på nytt for å la det kjøre, eller slett det.',
  ],
  'device.image-rejected': [
    'Enheten godtar ikke bildet.',
    'Den gamle versjonen kjører fortsatt. Si fra til utgiveren.',
  ],
  'device.incompatible': [
    'Bildet er ikke for denne maskinvaren[: {found}, bildet er for {expected}].',
    'Den gamle versjonen kjører fortsatt. Sjekk hvilken enhet dette er, og si fra til utgiveren.',
  ],
  'device.signature-rejected': [
    'Enheten godtar ikke signaturen på bildet.',
    'Den gamle versjonen kjører fortsatt. Si fra til utgiveren: Enheten stoler på en annen nøkkel.',
  ],
  'device.image-corrupt': [
    'Bildet kom skadet fram til enheten.',
    'Den gamle versjonen kjører fortsatt. Sjekk kabelen og prøv igjen.',
  ],
  'device.restart-timeout': [
    'Enheten kom ikke tilbake etter omstart[ innen {withinMs:duration}].',
    'Se til enheten. Når den kjører igjen, trykk «Sjekk igjen»: Slipway leser hva den kjører.',
  ],
  'device.reverted': [
    'Enheten gikk tilbake til den gamle versjonen av seg selv[: Den kjører {found}].',
    'Den nye versjonen startet ikke riktig. Send rapporten til utgiveren før du prøver igjen.',
  ],
  'device.wrong-version': [
    'Enheten kjører ikke det som ble skrevet[: {found} i stedet for {expected}].',
    'Ikke stol på den. Les enheten en gang til, og send rapporten til utgiveren.',
  ],
  'device.no-confirm': ['Denne typen enhet kan ikke bekrefte en versjon.', 'Si fra til utgiveren av planen.'],
  'device.in-recovery': [
    'Enheten er i oppstartslasteren og kjører ingenting[: den inneholder {held}]. Det som skrives der, erstatter den eneste versjonen, uten vei tilbake.',
    'Start enheten på nytt. Kommer den tilbake slik, åpne den under Sted: en plan som gjenoppretter den, sier hva du skal gjøre.',
  ],
  'device.unclaimed': [
    'Bare enhetens oppstartslaster svarer, og ingen går lenger god for hvem den tilhører.',
    'Les merkeskiltet på nytt: åpne oppstartslasteren under Sted og si hvilken enhet det er.',
  ],
  'device.no-loader': [
    'Ingen oppstartslaster av denne typen venter der lenger[: {address}].',
    'Sjekk kabel og strøm, og se etter på nytt.',
  ],
  'device.several-loaders': [
    'Oppstartslastere som ikke kan skilles fra hverandre, venter flere steder[: {addresses}]. Ingen ble rørt.',
    'La bare den være tilkoblet som du leste merkeskiltet på, og prøv igjen.',
  ],
  'device.seen-elsewhere': [
    'Den enheten svarer et annet sted[, på {address}]: det er ikke den som venter her.',
    'Les merkeskiltet en gang til. Er det riktig, finn ut hvem andre som bruker dette serienummeret.',
  ],
  'device.unknown-serial': [
    'Ingen enhet av denne typen er kjent her med det serienummeret[: {serial}].',
    'Les merkeskiltet en gang til, tegn for tegn. Er det riktig, synkroniser stedets liste.',
  ],
  'device.readings-differ': [
    'Dere to leste ulike serienumre. Oppstartslasteren ble ikke tatt for noen enhet.',
    'Les merkeskiltet på nytt, hver for dere.',
  ],
  'device.mistaken': [
    'Enheten som ble skrevet, sier nå at den er en annen[: {found} i stedet for {expected}]. Merkeskiltet på en annen enhet ble lest.',
    'Ikke bruk noen av dem før noen har sett på dem: den ene kjører det som var ment for den andre.',
  ],
  'device.no-rollback': [
    'Denne typen enhet kan ikke gå tilbake til den gamle versjonen.',
    'Be utgiveren om en plan som installerer den gamle versjonen.',
  ],
  'device.rollback-failed': [
    'Enheten gikk ikke tilbake til den gamle versjonen[: Den kjører {found}].',
    'Ikke bruk maskinen før noen har sett på den.',
  ],
  'device.no-space': [
    'Enheten har for lite ledig plass til filen[: {free:bytes} av {needed:bytes}].',
    'Ingenting ble endret. Rydd plass på enheten, og prøv igjen.',
  ],
  'device.write-failed': [
    'Skrivingen til enheten gikk galt[ ved {at:bytes}].',
    'Sjekk kabelen og strømmen, og prøv igjen.',
  ],
  'device.cancelled': [
    'Enheten avbrøt overføringen[ ved {at:bytes}].',
    'Se hva den sier på konsollen sin, og prøv igjen.',
  ],
  'device.no-prompt': [
    'Enheten svarer, men ikke med en ledetekst som profilen kjenner.',
    'Kanskje noen bruker konsollen, eller den starter fortsatt. Vent litt og prøv igjen.',
  ],
  'device.unexpected-answer': [
    'Enheten svarte noe annet enn ventet[ på {command}][: {said}].',
    'Ingenting ble regnet som vellykket. Send rapporten til utgiveren før du prøver igjen.',
  ],
  'device.not-restored': [
    'Oppdateringen gikk galt, og enheten kunne ikke bringes tilbake slik den var.',
    'Ikke bruk maskinen. Se til enheten før noe annet gjøres med den.',
  ],
  'device.unconfirmed': [
    'Den nye versjonen kjører på prøve og ble ikke bekreftet. Ved neste omstart går enheten tilbake til den gamle.',
    'Start planen igjen for å sjekke og bekrefte den, eller start enheten på nytt for å gå tilbake.',
  ],
  'device.forward-failed': [
    'Enheten kunne ikke sende oppdateringen videre til en enhet bak den[: {said}].',
    'Kontroller at enheten bak er på og tilkoblet, og kjør planen på nytt. Avviser den igjen, si fra til utgiveren.',
  ],
  'device.script-failed': [
    'Et skript på enheten sa nei[ ({script})][: {said}].',
    'Enheten beholder den gamle versjonen eller går selv tilbake til den. Fjern årsaken som skriptet nevner, og prøv igjen.',
  ],
  'device.verify-key': [
    'Enheten ville ikke kontrollere hvem som har signert artefakten, eller med en annen nøkkel enn den signerte profilen nevner[ ({path})].',
    'Ingenting ble installert. Sett opp kontrollnøkkelen som profilen nevner, i enhetens mender.conf, og prøv igjen.',
  ],
  'device.verdict-missed': [
    'Enheten sa ikke hvordan oppdateringen endte.',
    'Trykk «Sjekk igjen»: Slipway leser hva enheten kjører.',
  ],

  'trace.unreadable': [
    'Denne filen er ikke et opptak av en enhet, eller den er skadet[ (linje {line})].',
    'Ta opp på nytt, eller be avsenderen om den opprinnelige filen.',
  ],
  'trace.unknown': [
    'Det finnes ikke noe slikt opptak på denne konsollen.',
    'Det kan være fjernet. Se i listen over opptak.',
  ],
  'trace.recording': [
    'Det gjøres allerede opptak av denne enheten[ ({address})].',
    'Stopp opptaket som pågår, eller vent til det er fullt.',
  ],
  'trace.unwritable': [
    'Det kan ikke skrives noe opptak her[: {path}].',
    'Frigjør plass på disken til denne laptopen, eller spør den som har ansvar for den.',
  ],

  'reading.missing': [
    'En verdi planen trenger, mangler[: {title}].',
    'Sjekk sensoren og kabelen. Slipway leser igjen av seg selv.',
  ],
  'reading.stale': [
    'En verdi er for gammel[: {title}][, lest for {ageMs:duration} siden][, høyst {maxAgeMs:duration} tillatt].',
    'Sjekk forbindelsen til enheten. Slipway leser igjen av seg selv.',
  ],
  'reading.unreadable': [
    'En verdi kan ikke forstås[: {title}][; enheten sier «{raw}»].',
    'Sjekk sensoren. Har enheten rett, si fra til utgiveren av profilen.',
  ],
  'reading.out-of-range': [
    'En verdi er utenfor det sensoren kan måle[: {title}][; enheten sier «{raw}»].',
    'Sjekk sensoren: Den kan være ødelagt eller frakoblet.',
  ],
  'reading.unknown-signal': [
    'Planen ber om en verdi denne enheten ikke har[: {signal}].',
    'Si fra til utgiveren av planen.',
  ],
  'condition.false': [
    'En betingelse i planen er ikke oppfylt[: {title}][. {signalTitle}: {value}][ {unit}][, lest for {ageMs:duration} siden].',
    'Sørg for det. Slipway leser igjen av seg selv.',
  ],
  'condition.error': [
    'En betingelse i planen kan ikke regnes ut[: {title}]. Den teller som ikke oppfylt.',
    'Si fra til utgiveren av planen.',
  ],
  'condition.not-boolean': [
    'En betingelse i planen er verken sann eller usann[: {title}]. Den teller som ikke oppfylt.',
    'Si fra til utgiveren av planen.',
  ],
  'condition.not-attested': ['Ingen har bekreftet det ennå[: {title}].', 'Se etter selv, og bekreft det så.'],
  'condition.changed-while-writing': [
    'Maskinen forlot den sikre tilstanden mens det ble skrevet[: {title}]. Skrivingen ble stoppet.',
    'Bring den tilbake i sikker tilstand. Da fortsetter Slipway.',
  ],
  'check.failed': [
    'En kontroll av den nye versjonen slo ikke til[: {title}][ innen {withinMs:duration}].',
    'Planen sier hva som skjer nå. Send rapporten til utgiveren.',
  ],
}
