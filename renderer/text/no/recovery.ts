import type { Catalogue } from '../words-of.ts'

export const recovery: Catalogue['recovery'] = {
  title: 'Denne enheten venter i oppstartslasteren',
  lead: 'Programmet starter ikke, og oppstartslasteren kan ikke si hvilken enhet det er. Ingenting skrives før mennesker har sagt det, etter en signert plan som lar dem.',
  cardTitle: '{type} venter i oppstartslasteren',
  cardWhy: 'Den kjører ingenting, og kan ikke si hvilken enhet den er.',
  cardLeft: 'Det kan være {name}: en kjøring brøt av her for {age:duration} siden.',
  open: 'Se hva som kan gjøres',
  several: 'En enhet',

  seenTitle: 'Hva som ses',
  port: 'Port',
  mayBe: 'Kan være',
  hardware: 'Maskinvare, slik den sier',
  holds: 'Inneholder',
  holdsNothing: 'ingenting som vil starte',
  holdsUnknown: 'det sier den ikke',
  'says-loader': 'Oppstartslaster',
  'says-product': 'Produkt',
  'says-number': 'Eget nummer',
  'says-usb': 'USB',
  'says-prompt': 'Ledetekst',
  leftRun: 'Etterlatt av',
  leftBy: 'en kjøring på {name}, for {age:duration} siden',

  doTitle: 'Si hvilken enhet det er',
  stepPower: 'Slå den av, vent ti sekunder, slå den på. Starter programmet, blir den funnet av seg selv.',
  stepAlone:
    'Koble fra det som ikke kan skilles fra den: {addresses}. Mellom to like vet ingen hvilket merkeskilt som ble lest.',
  stepPlate: 'Gå til enheten og les serienummeret på merkeskiltet. En liste eller en lapp teller ikke.',
  stepThen:
    'Start så planen. Den spør etter sikker tilstand som alltid, og leser etterpå hvilken enhet som kom tilbake.',
  plan: 'Etter hvilken plan',
  byRoles: 'Kan sies av: {roles}[, {two}].',
  two: 'to av dem',
  serial: 'Serienummer på merkeskiltet',
  serialHelp: 'Slik det står der, tegn for tegn.',
  secondTitle: 'Den andre personen leser også merkeskiltet',
  secondSerial: 'Serienummer, lest av den andre personen',
  take: 'Dette er {serial}',
  takeHint: 'Skyv mot høyre, eller hold høyre piltast.',
  noPlanTitle: 'Ingen plan om bord lar noen si hvilken enhet dette er',
  noPlanWhy:
    'Ingenting skrives til den. Be utgiveren om en plan som henter tilbake enheter av denne typen, og synkroniser. En minnepinne med en pakke holder.',
  plans: 'Planer om bord',
  goneTitle: 'Ingen oppstartslaster venter her lenger',
  goneWhy: 'Den ble koblet fra, eller programmet kjører igjen og står på stedets liste.',

  claimTitle: 'Etter merkeskiltet er det denne enheten',
  claimWhy:
    'Oppstartslasteren kan ikke si det selv. {by} leste merkeskiltet[, og det gjorde {second} også], for {age:duration} siden. Det gjelder til forbindelsen brytes.',
  carriedTitle: 'Oppstartslasteren svarer der konsollen sendte den',
  carriedWhy: 'Den kan ikke selv si hvilken enhet den er. Det gjelder til forbindelsen brytes.',
  disclaim: 'Det er en annen enhet',
}
