import type { TrustErrors } from '../error-codes.ts'

export const trustErrors: TrustErrors = {
  'trust.none': [
    'Diese Konsole vertraut noch keinem Herausgeber.',
    'Richten Sie zuerst Vertrauen ein: Geben Sie die Adresse Ihres Servers ein und vergleichen Sie den Fingerabdruck.',
  ],
  'trust.bad-json': [
    'Eine signierte Liste vom Server ist nicht wohlgeformt[ ({role})].',
    'Gleichen Sie noch einmal ab. Bleibt es dabei, sagen Sie es dem Herausgeber: Nichts davon wurde benutzt.',
  ],
  'trust.bad-metadata': [
    'Eine signierte Liste vom Server bricht die Regeln für solche Listen[ ({role})].',
    'Sagen Sie es dem Herausgeber. Was die Konsole vorher hatte, gilt weiter.',
  ],
  'trust.bad-signature': [
    'Eine Signatur passt nicht[ ({role})]. Die Daten wurden unterwegs verändert, oder jemand anderes hat sie signiert.',
    'Machen Sie mit dieser Quelle nicht weiter. Sagen Sie es dem Herausgeber. Was Sie vorher hatten, gilt weiter.',
  ],
  'trust.threshold': [
    'Zu wenige gültige Signaturen[ bei {role}][: {found} von {needed}][: {have} von {need}].',
    'Sagen Sie es dem Herausgeber. Was die Konsole vorher hatte, gilt weiter.',
  ],
  'trust.unknown-key': [
    'Etwas ist mit einem Schlüssel signiert, für den niemand bürgt[ ({role})].',
    'Sagen Sie es dem Herausgeber. Was die Konsole vorher hatte, gilt weiter.',
  ],
  'trust.expired': [
    'Was der Herausgeber signiert hat, gilt nicht mehr[ ({role}, bis {expires:datetime})].',
    'Verbinden Sie sich mit dem Server und gleichen Sie ab. Bleibt es dabei, muss der Herausgeber neu signieren.',
  ],
  'trust.rollback': [
    'Der Server bietet etwas Älteres an, als diese Konsole schon hat[ ({role}: {found} nach {known})][ ({role}: {found} nach {held})].',
    'Machen Sie mit dieser Quelle nicht weiter. Sagen Sie es dem Herausgeber: Es kann ein Angriff oder eine alte Kopie sein.',
  ],
  'trust.mix-and-match': [
    'Die Listen auf dem Server gehören nicht zusammen[ ({role})].',
    'Gleichen Sie in ein paar Minuten noch einmal ab. Bleibt es dabei, sagen Sie es dem Herausgeber.',
  ],
  'trust.hash-mismatch': [
    'Eine Datei ist nicht die, die signiert wurde[: {target}].',
    'Gleichen Sie noch einmal ab: Sie wird neu geholt. Bleibt es dabei, sagen Sie es dem Herausgeber.',
  ],
  'trust.length-mismatch': [
    'Eine Datei hat nicht die signierte Länge[: {target}].',
    'Gleichen Sie noch einmal ab: Sie wird neu geholt. Bleibt es dabei, sagen Sie es dem Herausgeber.',
  ],
  'trust.too-large': [
    'Der Server hat mehr geschickt, als er darf[ für {role}][, über {limit:bytes}].',
    'Prüfen Sie die Adresse des Servers. Stimmt sie, sagen Sie es dem Herausgeber.',
  ],
  'trust.too-many-roots': [
    'Diese Konsole hat mehr Wechsel der Hauptschlüssel verpasst, als sie auf einmal nachholen darf[ ({limit})].',
    'Sagen Sie es dem Herausgeber: Das Vertrauen muss neu eingerichtet werden.',
  ],
  'trust.too-many-delegations': [
    'Der Herausgeber hat seine Listen in zu viele Teile aufgeteilt.',
    'Sagen Sie es dem Herausgeber.',
  ],
  'trust.unknown-target': [
    'Die signierten Listen nennen diese Datei nicht[: {target}].',
    'Gleichen Sie ab. Bleibt es dabei, hat der Herausgeber sie nicht freigegeben.',
  ],
  'trust.fingerprint-mismatch': [
    'Der Fingerabdruck ist nicht der, den Sie bestätigt haben. Vielleicht steht jemand zwischen Ihnen und dem Server.',
    'Vertrauen Sie diesem Server nicht. Holen Sie den Fingerabdruck auf anderem Weg vom Herausgeber und vergleichen Sie noch einmal.',
  ],
  'trust.already-adopted': [
    'Diese Konsole vertraut schon einem Herausgeber[: {url}].',
    'Für einen anderen Herausgeber richten Sie die Konsole neu ein. Für eine andere Adresse nehmen Sie den Fingerabdruck, dem sie vertraut.',
  ],
  'trust.cache-corrupt': [
    'Was diese Konsole über Vertrauen gespeichert hat, ist beschädigt; nichts davon wird benutzt.',
    'Verbinden Sie sich mit dem Server und gleichen Sie ab.',
  ],
  'trust.offline-too-long': [
    'Diese Konsole war zu lange ohne Verbindung[: {days|# Tag|# Tage} seit dem letzten signierten Stand, {limit} erlaubt].',
    'Verbinden Sie sich mit dem Server und gleichen Sie ab. Wenige Kilobyte genügen.',
  ],
  'trust.clock-behind': [
    'Die Uhr dieses Laptops geht gegenüber dem Signierten nach[, um {byMs:duration}]. Slipway benutzt stattdessen die signierte Zeit.',
    'Stellen Sie die Uhr des Laptops. Die Arbeit geht solange weiter.',
  ],
  'trust.clock-set-back': [
    'Die Uhr dieses Laptops zeigt ein früheres Datum als zuvor[, um {byMs:duration}]. Slipway rechnet mit dem späteren.',
    'Stellen Sie die Uhr des Laptops. Ging sie einmal versehentlich vor, behebt das der nächste Abgleich.',
  ],
  'trust.unsupported-spec': [
    'Der Server benutzt ein neueres Format, als diese Konsole kennt[ ({version})].',
    'Installieren Sie das neueste Slipway.',
  ],
  'trust.renew-soon': [
    'Das Vertrauen endet bald[: {until:datetime}].',
    'Verbinden Sie sich vorher mit dem Server und gleichen Sie ab. Wenige Kilobyte genügen.',
  ],
  'document.invalid': [
    'Ein signiertes Dokument ergibt keinen Sinn[: {path}].',
    'Sagen Sie es dem Herausgeber. Das Dokument wird nicht benutzt.',
  ],
  'document.unknown-format': [
    'Ein signiertes Dokument hat ein Format, das diese Konsole nicht kennt[: {path}][ ({format})].',
    'Installieren Sie das neueste Slipway.',
  ],
  'document.wrong-id': [
    'Ein signiertes Dokument nennt sich anders, als es sein Platz verlangt[: {path}].',
    'Sagen Sie es dem Herausgeber. Das Dokument wird nicht benutzt.',
  ],

  'sync.offline': [
    'Die Konsole ist auf Offline gestellt, darum wurde nichts geholt.',
    'Schalten Sie den Offline-Betrieb aus, wenn Sie sich verbinden wollen.',
  ],
  'sync.unreachable': [
    'Der Server antwortet nicht[: {host}].',
    'Prüfen Sie Netz und Adresse und versuchen Sie es noch einmal. Was an Bord ist, bleibt benutzbar.',
  ],
  'sync.http': [
    'Der Server hat abgelehnt[: Status {status}][ bei {path}].',
    'Versuchen Sie es später. Bleibt es dabei, sagen Sie es den Betreibern des Servers.',
  ],
  'sync.not-found': [
    'Der Server hat eine Datei nicht, die er haben sollte[: {path}].',
    'Versuchen Sie es in ein paar Minuten. Bleibt es dabei, sagen Sie es dem Herausgeber.',
  ],
  'sync.stalled': [
    'Die Übertragung stand[ {afterMs:duration}] still und wurde angehalten. Was ankam, ist behalten.',
    'Versuchen Sie es noch einmal: Sie geht dort weiter, wo sie stand.',
  ],
  'sync.bad-certificate': [
    'Das Zertifikat oder der Schlüssel ist nicht brauchbar[: {why}].',
    'Verlangen Sie von den Betreibern des Servers ein Zertifikat im PEM-Format, mit Schlüssel ohne Passphrase.',
  ],
  'sync.tls-untrusted': [
    'Dem Zertifikat des Servers glaubt diese Konsole nicht[: {host}][ ({reason})].',
    'Prüfen Sie das Datum dieses Laptops. Hat der Server eine eigene Stelle, tragen Sie sie unter Einstellungen, Vertrauen und Standort ein.',
  ],
  'sync.tls-refused': [
    'Der Server hat diese Konsole nicht eingelassen[: {host}].',
    'Er verlangt ein Zertifikat oder ein anderes. Tragen Sie es unter Einstellungen, Vertrauen und Standort ein.',
  ],
  'sync.proxy': [
    'Der Proxy auf dem Weg zum Server hat abgelehnt[: {host}].',
    'Fragen Sie, wer das Netz hier betreibt. Slipway nimmt den Proxy aus der Umgebung.',
  ],
  'sync.range-ignored': [
    'Der Server kann eine abgebrochene Übertragung nicht fortsetzen; die Datei muss von vorn geholt werden[: {path}].',
    'Versuchen Sie es mit besserer Verbindung, oder sagen Sie es den Betreibern des Servers.',
  ],
  'sync.changed-on-server': [
    'Die Datei wurde auf dem Server geändert, während sie geholt wurde[: {path}].',
    'Gleichen Sie noch einmal ab: Es beginnt neu mit der jetzigen Datei.',
  ],
  'sync.bad-delta': [
    'Die hinterlegten Unterschiede zu einer älteren Version passen nicht zusammen[: {why}].',
    'Gleichen Sie noch einmal ab: Die Datei wird dann anders geholt. Bleibt es dabei, sagen Sie es dem Herausgeber.',
  ],
  'sync.busy': ['Ein Abgleich läuft schon.', 'Warten Sie, bis er fertig ist, oder halten Sie ihn zuerst an.'],
  'sync.no-server': [
    'Es ist kein Server eingerichtet.',
    'Richten Sie zuerst Vertrauen ein: Geben Sie die Adresse Ihres Servers ein.',
  ],
  'sync.bad-url': [
    'Das ist keine Adresse, die ein Server haben kann[: {url}].',
    'Schreiben Sie sie ganz aus, zum Beispiel https://updates.example.com.',
  ],
  'sync.not-a-repository': [
    'Unter dieser Adresse liegt kein Verzeichnis für Aktualisierungen[: {url}].',
    'Prüfen Sie die Adresse mit dem Herausgeber.',
  ],
  'sync.over-budget': [
    'Der Rest passt nicht in Ihr Datenbudget[: {needed:bytes} fehlen, {budget:bytes} erlaubt].',
    'Erhöhen Sie das Budget, oder gleichen Sie den Rest über eine billigere Verbindung ab.',
  ],
  'sync.outside-window': [
    'Dateien werden nur zu den eingestellten Zeiten geholt[, {from} bis {to}].',
    'Es geht von selbst weiter[, am {opensAt:datetime}]. Um jetzt zu holen, sagen Sie, wie lange.',
  ],
  'sync.time-over': [
    'Die Zeit für diesen Abgleich ist um. Was angekommen ist, bleibt.',
    'Beginnen Sie wieder, wann Sie wollen: Es geht dort weiter, wo es endete.',
  ],
  'sync.metered': [
    'Diese Verbindung wird nach Datenmenge bezahlt[: {needed:bytes} warten noch]. Über sie kommt nur Dringendes[, bis zu {allowed:bytes}].',
    'Über eine andere Verbindung geht es von selbst weiter. Oder sagen Sie, dass diese nicht nach Datenmenge bezahlt wird.',
  ],
  'sync.paused': ['Das Holen pausiert[, angehalten von {by}][, seit {since:datetime}].', 'Drücken Sie Fortsetzen.'],

  'source.unknown': ['Hier gibt es keine solche Quelle[: {source}].', 'Sehen Sie in der Liste der Quellen nach.'],
  'source.exists': [
    'Es gibt schon eine Quelle mit diesem Namen oder diesem Herausgeber[: {source}].',
    'Wählen Sie einen anderen Namen, oder entfernen Sie zuerst die andere. Ihr eigener Herausgeber ist keine Quelle.',
  ],
  'source.too-many': ['Es gibt schon zu viele Quellen[: {limit}].', 'Entfernen Sie eine, die niemand mehr braucht.'],
  'source.bad-path': [
    'Die Datei hat einen Namen, der aus ihrem Ordner hinausführt[: {target}]. Sie wurde nicht geholt.',
    'Sagen Sie es dem Herausgeber jenes Repositorys. Hier wurde nichts geändert.',
  ],
  'source.reserved-path': [
    'So darf nur Ihr eigener Herausgeber Dateien nennen[: {target}]. Sie wurde nicht geholt.',
    'Ein solches Repository gibt Dateien und sonst nichts: Pläne und Rechte kommen von Ihrem eigenen Herausgeber.',
  ],
  'source.outside-filter': [
    'Die Datei gehört nicht zu denen, für die diese Quelle hinzugefügt wurde[: {target}].',
    'Wird sie gebraucht, entfernen Sie die Quelle und fügen Sie sie mit mehr Pfaden wieder hinzu.',
  ],

  'pack.not-found': [
    'In diesem Ordner liegt kein Paket[: {folder}].',
    'Wählen Sie den Stick oder Ordner, in dem das Paket liegt, vollständig ausgeschrieben.',
  ],
  'pack.bad-file': [
    'Etwas in dem Paket ist keine gewöhnliche Datei und kein Ordner[: {file}]. Es wurde nicht angerührt.',
    'Benutzen Sie diesen Stick nicht. Lassen Sie das Paket auf einem sauberen neu machen.',
  ],
  'pack.older': [
    'Das Paket ist älter als das, was diese Konsole hat[: es ist vom {found:datetime}, diese Konsole hat {held:datetime}].',
    'Nichts wurde geändert. Bitten Sie um ein neueres Paket, oder gleichen Sie ab.',
  ],
  'pack.unreadable': [
    'Das Paket ist nicht lesbar[: {file}][ ({reason})].',
    'Prüfen Sie, ob der Stick steckt, und übernehmen Sie das Paket noch einmal: Es geht dort weiter, wo es war.',
  ],
  'pack.unwritable': [
    'Das Paket lässt sich nicht schreiben[: {file}][ ({reason})].',
    'Prüfen Sie, ob der Stick steckt und nicht schreibgeschützt ist, und machen Sie das Paket noch einmal: Es geht dort weiter, wo es war.',
  ],
  'pack.full': [
    'Für das Paket ist nicht genug Platz[, {free:bytes} sind frei und {needed:bytes} werden gebraucht].',
    'Nehmen Sie einen größeren Stick, oder wählen Sie weniger Pläne.',
  ],

  'artifact.missing': [
    'Die zu installierende Datei ist nicht an Bord[: {target}].',
    'Gleichen Sie ab, solange es eine Verbindung gibt.',
  ],
  'artifact.corrupt': [
    'Die zu installierende Datei ist beschädigt[: {target}]. Sie wird nicht benutzt.',
    'Gleichen Sie ab: Eine hier beschädigte Kopie wird neu geholt. Bleibt es dabei, sagen Sie es dem Herausgeber.',
  ],
  'artifact.unreadable': [
    'Die zu installierende Datei ist nicht zu verstehen[: {target}].',
    'Sagen Sie es dem Herausgeber.',
  ],
  'artifact.wrong-type': [
    'Die Datei ist nicht von der Art, die sie angibt[: {target}][ ({found} gefunden, {expected} erwartet)].',
    'Sagen Sie es dem Herausgeber.',
  ],
  'artifact.padded': [
    'Das Abbild ist zum direkten Aufspielen gemacht und bringt eigene Befehle an den Bootloader mit[: {target}]. Der Plan sagt nicht, dass es für immer bleiben darf; es wird abgelehnt.',
    'Bitten Sie den Herausgeber um ein Abbild ohne Auffüllung und Bestätigung.',
  ],
  'artifact.unsigned': [
    'Das Abbild selbst trägt keine Signatur, der Gerätetyp verlangt aber eine[: {target}].',
    'Bitten Sie den Herausgeber um ein signiertes Abbild.',
  ],
  'artifact.bad-signature': [
    'Die Signatur im Abbild passt nicht[: {target}].',
    'Benutzen Sie es nicht. Sagen Sie es dem Herausgeber.',
  ],
  'artifact.version-mismatch': [
    'Das Abbild enthält eine andere Version, als der Plan sagt[: {found} statt {expected}].',
    'Sagen Sie es dem Herausgeber.',
  ],
}
