import type { Catalogue } from '../words-of.ts'

export const recovery: Catalogue['recovery'] = {
  title: 'Dieses Gerät wartet in seinem Bootloader',
  lead: 'Seine Anwendung startet nicht, und sein Bootloader kann nicht sagen, welches Gerät es ist. Nichts wird darauf geschrieben, bevor Menschen es gesagt haben, nach einem signierten Plan, der sie lässt.',
  cardTitle: '{type} wartet im Bootloader',
  cardWhy: 'Auf dem Gerät läuft nichts, und es kann nicht sagen, welches es ist.',
  cardLeft: 'Es ist vielleicht {name}: Ein Lauf brach hier vor {age:duration} ab.',
  open: 'Ansehen, was zu tun ist',
  several: 'Ein Gerät',

  seenTitle: 'Was zu sehen ist',
  port: 'Anschluss',
  mayBe: 'Ist vielleicht',
  hardware: 'Hardware, wie es sagt',
  holds: 'Enthält',
  holdsNothing: 'nichts, was starten würde',
  holdsUnknown: 'sagt er nicht',
  'says-loader': 'Bootloader',
  'says-product': 'Produkt',
  'says-number': 'Eigene Nummer',
  'says-usb': 'USB',
  'says-prompt': 'Eingabezeile',
  leftRun: 'Hier gelassen von',
  leftBy: 'einem Lauf auf {name}, vor {age:duration}',

  doTitle: 'Sagen, welches Gerät es ist',
  stepPower:
    'Schalten Sie es aus, warten Sie zehn Sekunden, schalten Sie es ein. Startet seine Anwendung, wird es von selbst gefunden.',
  stepAlone:
    'Ziehen Sie ab, was nicht von ihm zu unterscheiden ist: {addresses}. Bei zwei gleichen weiß niemand, wessen Typenschild gelesen wurde.',
  stepPlate:
    'Gehen Sie zum Gerät und lesen Sie die Seriennummer auf dem Typenschild. Eine Liste oder ein Zettel zählt nicht.',
  stepThen:
    'Dann starten Sie den Plan. Er fragt wie immer nach dem sicheren Zustand und liest danach, welches Gerät zurückkam.',
  plan: 'Nach welchem Plan',
  byRoles: 'Sagen darf es: {roles}[, {two}].',
  two: 'zu zweit',
  serial: 'Seriennummer auf dem Typenschild',
  serialHelp: 'Wie sie dort steht, Zeichen für Zeichen.',
  secondTitle: 'Die zweite Person liest das Typenschild ebenfalls',
  secondSerial: 'Seriennummer, von der zweiten Person gelesen',
  take: 'Das ist {serial}',
  takeHint: 'Nach rechts schieben, oder die rechte Pfeiltaste halten.',
  noPlanTitle: 'Kein Plan an Bord lässt jemanden sagen, welches Gerät das ist',
  noPlanWhy:
    'Nichts wird darauf geschrieben. Bitten Sie den Herausgeber um einen Plan, der Geräte dieser Art zurückholt, und gleichen Sie dann ab. Ein Stick mit einem Paket genügt.',
  plans: 'Pläne an Bord',
  goneTitle: 'Hier wartet kein Bootloader mehr',
  goneWhy: 'Er wurde abgezogen, oder die Anwendung läuft wieder und steht auf der Liste des Standorts.',

  claimTitle: 'Nach dem Typenschild ist es dieses Gerät',
  claimWhy:
    'Sein Bootloader kann es nicht selbst sagen. {by} hat das Typenschild gelesen[, und {second} auch], vor {age:duration}. Das gilt, bis die Verbindung abreißt.',
  carriedTitle: 'Sein Bootloader antwortet dort, wohin die Konsole es geschickt hat',
  carriedWhy: 'Er kann nicht selbst sagen, welches Gerät es ist. Das gilt, bis die Verbindung abreißt.',
  disclaim: 'Es ist ein anderes Gerät',
}
