import type { ConsoleErrors } from '../error-codes.ts'

export const consoleErrors: ConsoleErrors = {
  'rpc.bad-frame': [
    'Die Konsole hat eine Nachricht erhalten, die sie nicht lesen kann.',
    'Schließen Sie dieses Fenster und starten Sie Slipway neu. Geschieht es wieder, sagen Sie es dem Support.',
  ],
  'rpc.bad-input': [
    'Das konnte nicht angenommen werden[ (Feld {at})].',
    'Berichtigen Sie es und versuchen Sie es noch einmal. Ist auf dem Bildschirm nichts falsch, sagen Sie es dem Support.',
  ],
  'rpc.bad-output': [
    'Die Konsole hat eine Antwort erzeugt, die keinen Sinn ergibt; sie wird nicht gezeigt.',
    'Nennen Sie dem Support den Code unten. An keinem Gerät wurde dadurch etwas geändert.',
  ],
  'rpc.unknown-method': [
    'Dieser Teil des Programms kennt die Anfrage nicht.',
    'Schließen Sie dieses Fenster und starten Sie Slipway neu, damit beide Teile dieselbe Version haben.',
  ],
  'rpc.version-mismatch': [
    'Dieses Fenster und das Programm dahinter haben verschiedene Versionen[ ({client} und {host})].',
    'Schließen Sie dieses Fenster und starten Sie Slipway neu.',
  ],
  'rpc.too-large': [
    'Das war zu viel auf einmal[ ({length} Zeichen)].',
    'Fragen Sie nach weniger. Haben Sie nichts Ungewöhnliches getan, sagen Sie es dem Support.',
  ],
  'rpc.too-many-streams': [
    'In diesem Fenster ist zu viel gleichzeitig offen.',
    'Schließen Sie einige Ansichten und versuchen Sie es noch einmal.',
  ],
  'rpc.closed': [
    'Die Verbindung zwischen diesem Fenster und dem Programm dahinter ist abgerissen. Laufende Aktualisierungen gehen ohne sie weiter.',
    'Warten Sie kurz: Das Fenster verbindet sich von selbst neu. Wenn nicht, starten Sie Slipway neu.',
  ],
  'rpc.unauthorised': [
    'Das Programm hat dieses Fenster nicht eingelassen, weil sein Schlüssel nicht mehr gilt.',
    'Schließen Sie dieses Fenster und starten Sie Slipway neu.',
  ],
  internal: [
    'In Slipway ist etwas geschehen, womit niemand gerechnet hat.',
    'Versuchen Sie es noch einmal. Geschieht es wieder, nennen Sie dem Support[ die Protokollnummer {log}].',
  ],
  cancelled: ['Es wurde angehalten, bevor es fertig war.', 'Starten Sie es wieder, wenn Sie möchten.'],
  timeout: [
    'Es hat zu lange gedauert[ (mehr als {afterMs:duration})] und wurde aufgegeben.',
    'Versuchen Sie es noch einmal.',
  ],

  'host.already-running': [
    'Slipway läuft schon mit diesem Datenordner[ (Prozess {pid})].',
    'Benutzen Sie das offene Fenster oder schließen Sie es zuerst.',
  ],
  'host.unavailable': [
    'Das Programm hinter diesem Fenster läuft nicht.',
    'Starten Sie Slipway neu. Laufende Aktualisierungen gehen dort weiter, wo sie standen.',
  ],
  'host.no-keystore': [
    'Die Schlüssel dieses Laptops konnten nicht geöffnet werden, weil sein Schlüsselspeicher nicht antwortet.',
    'Melden Sie sich am Betriebssystem als die Person an, die Slipway eingerichtet hat, und entsperren Sie den Schlüsselspeicher.',
  ],
  'host.crypto-broken': [
    'Die Kryptografie dieses Laptops rechnet falsch[: {wrong}]. Slipway startet damit nicht.',
    'Installieren Sie Slipway neu. Bleibt es dabei, nehmen Sie einen anderen Laptop und sagen Sie es dem Support.',
  ],
  'host.no-dictionaries': [
    'Das Programm kann hier Änderungen an älteren Dateien nicht öffnen. Dateien kommen ganz und kosten mehr.',
    'Mit dem, was an Bord ist, ist alles in Ordnung. Installieren Sie Slipway neu, oder sagen Sie es dem Support.',
  ],
  'file.not-found': [
    'Die Datei ist nicht da[: {path}].',
    'Prüfen Sie Name und Ordner und versuchen Sie es noch einmal.',
  ],
  'file.unreadable': [
    'Die Datei lässt sich nicht lesen oder schreiben[: {path}].',
    'Prüfen Sie, ob der Stick steckt und ob Sie den Ordner benutzen dürfen.',
  ],
  'file.too-large': [
    'Die Datei ist zu groß[: {bytes:bytes}, höchstens {limit:bytes}].',
    'Wählen Sie eine kleinere Datei.',
  ],
  'disk.full': [
    'Die Festplatte dieses Laptops ist voll[, {free:bytes} sind frei und {needed:bytes} werden gebraucht].',
    'Schaffen Sie Platz und versuchen Sie es noch einmal. Nichts Gespeichertes ist verloren.',
  ],

  'store.from-the-future': [
    'Die Daten auf diesem Laptop stammen von einem neueren Slipway[ (Format {found}, dieses kennt {known})].',
    'Installieren Sie wieder die neuere Version. Die Daten wurden nicht angerührt.',
  ],
  'store.corrupt': [
    'Die Datenbank auf diesem Laptop ist beschädigt.',
    'Löschen Sie nichts. Sagen Sie es dem Support: Was noch nicht hochgeladen ist, lässt sich vielleicht retten.',
  ],
  'store.read-only': [
    'Der Datenordner lässt sich nicht beschreiben. Nichts kann festgehalten werden, also darf nichts geändert werden.',
    'Machen Sie den Ordner für Ihr Konto beschreibbar und starten Sie Slipway neu.',
  ],
  'store.locked': ['Die Datenbank ist beschäftigt.', 'Versuchen Sie es in ein paar Sekunden noch einmal.'],
  'store.migration-failed': [
    'Die Daten auf diesem Laptop konnten nicht auf diese Version gebracht werden[ (Schritt {version})]. Eine Kopie von vorher wurde behalten.',
    'Installieren Sie die frühere Version wieder und sagen Sie es dem Support.',
  ],

  'alert.unknown': ['Diese Meldung steht nicht mehr in der Liste.', 'Sehen Sie die Liste an, wie sie jetzt ist.'],
}
