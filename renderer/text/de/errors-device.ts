import type { DeviceErrors } from '../error-codes.ts'

export const deviceErrors: DeviceErrors = {
  'link.not-found': [
    'An diesem Anschluss oder dieser Adresse ist nichts[: {address}].',
    'Prüfen Sie Kabel und Adresse und versuchen Sie es noch einmal.',
  ],
  'link.busy': [
    'Ein anderes Programm benutzt den Anschluss[: {address}].',
    'Schließen Sie Terminalprogramme und andere Werkzeuge, die ihn benutzen, und versuchen Sie es noch einmal.',
  ],
  'link.no-permission': [
    'Dieses Konto darf den Anschluss nicht benutzen[: {address}].',
    'Nehmen Sie das Konto unter Linux in die Gruppe des Anschlusses auf (oft dialout) und melden Sie sich neu an.',
  ],
  'link.lost': [
    'Die Verbindung zum Gerät ist abgerissen[ ({address})].',
    'Prüfen Sie das Kabel. Slipway macht von selbst weiter, wenn das Gerät wieder da ist.',
  ],
  'link.refused': [
    'Das Gerät hat die Verbindung abgelehnt[ ({address})].',
    'Prüfen Sie, ob der Dienst auf dem Gerät läuft und ob die Adresse stimmt.',
  ],
  'link.timeout': [
    'Das Gerät hat nicht rechtzeitig geantwortet[ ({waitedMs:duration})][ an {address}].',
    'Prüfen Sie, ob es Strom hat und das Kabel steckt, und versuchen Sie es noch einmal.',
  ],
  'link.unsupported': [
    'Dieser Laptop kann diese Art von Verbindung nicht benutzen[: {address}].',
    'Erreichen Sie das Gerät auf einem anderen Weg.',
  ],
  'link.bad-address': [
    'Das ist keine Adresse[: {address}].',
    'Schreiben Sie sie wie serial:/dev/ttyUSB0, udp://10.0.0.7:1337, http://10.0.0.9:8080 oder ssh://root@10.0.0.9.',
  ],
  'link.untrusted': [
    'Das Gerät kann nicht beweisen, dass es das gemeinte ist[ ({address})].',
    'Es wurde nichts gesendet. Prüfen Sie die Adresse und das Datum dieses Laptops; das Zertifikat kann abgelaufen oder ersetzt sein.',
  ],
  'link.host-key-changed': [
    'Das Gerät zeigt einen anderen Hostschlüssel als den signierten[: {seen} statt {expected}].',
    'Niemand wurde angemeldet. Es kann ein anderer Rechner sein. Wurde das Gerät sicher neu eingerichtet, bitten Sie den Herausgeber, den neuen Schlüssel zu signieren, und gleichen Sie ab.',
  ],
  'link.host-key-unknown': [
    'Kein signiertes Dokument sagt, an welchem Hostschlüssel dieses Gerät zu erkennen ist[; es zeigt {seen}].',
    'Niemand wurde angemeldet. Vergleichen Sie ihn mit dem am Gerät selbst, bitten Sie den Herausgeber, ihn beim Standort einzutragen, und gleichen Sie ab.',
  ],
  'link.not-searchable': [
    'Dieses Netz wird nicht abgesucht[: {network}].',
    'Nur private Netze mit höchstens 1022 Adressen werden es, etwa 192.168.1.0/24.',
  ],
  'link.io': [
    'Lesen oder Schreiben am Anschluss ist fehlgeschlagen[ ({address})].',
    'Ziehen Sie das Kabel ab, stecken Sie es wieder ein und versuchen Sie es noch einmal.',
  ],

  'device.no-answer': [
    'Das Gerät antwortet nicht[ ({waitedMs:duration})].',
    'Prüfen Sie, ob es Strom hat und ob sonst nichts mit ihm spricht, und versuchen Sie es noch einmal.',
  ],
  'device.bad-frame': [
    'Das Gerät hat mit etwas geantwortet, das nicht zu verstehen ist.',
    'Prüfen Sie das Kabel und die Geschwindigkeit des Anschlusses und versuchen Sie es noch einmal.',
  ],
  'device.refused': [
    'Das Gerät hat es abgelehnt.',
    'Sehen Sie am Gerät nach, was es hindert, und versuchen Sie es noch einmal.',
  ],
  'device.busy': ['Das Gerät ist beschäftigt.', 'Warten Sie, bis es fertig ist, und versuchen Sie es noch einmal.'],
  'device.unauthorised': [
    'Das Gerät verlangt eine Anmeldung[ ({address})].',
    'Hinterlegen Sie Benutzername und Passwort dafür und versuchen Sie es noch einmal.',
  ],
  'device.not-mine': [
    'Unter dieser Adresse antwortet etwas anderes[: {address}].',
    'Prüfen Sie, welches Gerät dort angeschlossen ist.',
  ],
  'device.unknown': [
    'Ein solches Gerät ist hier nicht bekannt[: {device}].',
    'Schließen Sie es an, oder gleichen Sie die Liste des Standorts ab.',
  ],
  'device.no-profile': [
    'Für diesen Gerätetyp gibt es kein signiertes Profil[: {type}].',
    'Gleichen Sie ab. Bleibt es dabei, bitten Sie den Herausgeber um das Profil.',
  ],
  'device.identity-missing': [
    'Das Gerät sagt nicht, wer es ist.',
    'Prüfen Sie, ob es eine Seriennummer hat. Eine Aktualisierung muss wissen, welches Gerät sie trifft.',
  ],
  'device.identity-changed': [
    'Es antwortet ein anderes Gerät als das gemeinte[: {found} statt {expected}]. An ihm wurde nichts getan.',
    'Schließen Sie das richtige Gerät an.',
  ],
  'device.duplicate': [
    'Zwei Geräte antworten mit derselben Kennung[: {device}]. Keines wird angerührt.',
    'Trennen Sie eines von beiden.',
  ],
  'device.gone': [
    'Das Gerät ist nicht angeschlossen[: {device}].',
    'Schließen Sie es an und versuchen Sie es noch einmal.',
  ],
  'device.no-slot': [
    'Das Gerät hat keinen Platz für ein zweites Abbild[ von {component}] und lässt sich so nicht aktualisieren.',
    'Sagen Sie es dem Herausgeber des Plans.',
  ],
  'device.pending-image': [
    'Im Gerät wartet schon ein anderes Abbild[: {version}]. Jemand anderes hat es dorthin gelegt.',
    'Finden Sie heraus, wer. Starten Sie dann das Gerät neu, damit es läuft, oder löschen Sie es.',
  ],
  'device.image-rejected': [
    'Das Gerät nimmt das Abbild nicht an.',
    'Die alte Version läuft weiter. Sagen Sie es dem Herausgeber.',
  ],
  'device.incompatible': [
    'Das Abbild ist nicht für diese Hardware[: {found}, das Abbild ist für {expected}].',
    'Die alte Version läuft weiter. Prüfen Sie, welches Gerät das ist, und sagen Sie es dem Herausgeber.',
  ],
  'device.signature-rejected': [
    'Das Gerät nimmt die Signatur des Abbilds nicht an.',
    'Die alte Version läuft weiter. Sagen Sie es dem Herausgeber: Das Gerät vertraut einem anderen Schlüssel.',
  ],
  'device.image-corrupt': [
    'Das Abbild kam beschädigt am Gerät an.',
    'Die alte Version läuft weiter. Prüfen Sie das Kabel und versuchen Sie es noch einmal.',
  ],
  'device.restart-timeout': [
    'Das Gerät kam nach dem Neustart nicht wieder[ innerhalb von {withinMs:duration}].',
    'Sehen Sie nach dem Gerät. Läuft es wieder, drücken Sie „Noch einmal prüfen“: Slipway liest dann, was es ausführt.',
  ],
  'device.reverted': [
    'Das Gerät ist von selbst zur alten Version zurückgekehrt[: Es führt {found} aus].',
    'Die neue Version ist nicht richtig gestartet. Schicken Sie den Bericht an den Herausgeber, bevor Sie es noch einmal versuchen.',
  ],
  'device.wrong-version': [
    'Das Gerät führt nicht aus, was geschrieben wurde[: {found} statt {expected}].',
    'Verlassen Sie sich nicht darauf. Lesen Sie das Gerät noch einmal und schicken Sie den Bericht an den Herausgeber.',
  ],
  'device.no-confirm': [
    'Diese Art von Gerät kann eine Version nicht bestätigen.',
    'Sagen Sie es dem Herausgeber des Plans.',
  ],
  'device.in-recovery': [
    'Das Gerät ist in seinem Bootloader und führt nichts aus[: es enthält {held}]. Was dort geschrieben wird, ersetzt seine einzige Version, ohne Weg zurück.',
    'Starten Sie das Gerät neu. Kommt es so wieder, öffnen Sie es unter „Standort“: Ein Plan, der es wiederherstellt, sagt, was zu tun ist.',
  ],
  'device.unclaimed': [
    'Nur der Bootloader des Geräts antwortet, und niemand steht mehr dafür ein, wessen er ist.',
    'Lesen Sie das Typenschild noch einmal: Öffnen Sie den Bootloader unter „Standort“ und sagen Sie, welches Gerät es ist.',
  ],
  'device.no-loader': [
    'Dort wartet kein Bootloader dieser Art mehr[: {address}].',
    'Prüfen Sie Kabel und Strom und sehen Sie noch einmal nach.',
  ],
  'device.several-loaders': [
    'An mehreren Stellen warten Bootloader, die nicht zu unterscheiden sind[: {addresses}]. Keiner wurde angerührt.',
    'Lassen Sie nur den angeschlossen, dessen Typenschild Sie gelesen haben, und versuchen Sie es noch einmal.',
  ],
  'device.seen-elsewhere': [
    'Dieses Gerät antwortet an anderer Stelle[, unter {address}]: Es ist nicht das, das hier wartet.',
    'Lesen Sie das Typenschild noch einmal. Stimmt es, finden Sie heraus, wer diese Seriennummer noch benutzt.',
  ],
  'device.unknown-serial': [
    'Hier ist kein Gerät dieser Art mit dieser Seriennummer bekannt[: {serial}].',
    'Lesen Sie das Typenschild noch einmal, Zeichen für Zeichen. Stimmt es, gleichen Sie die Liste des Standorts ab.',
  ],
  'device.readings-differ': [
    'Sie beide haben verschiedene Seriennummern gelesen. Der Bootloader wurde keinem Gerät zugeordnet.',
    'Lesen Sie das Typenschild noch einmal, jeder für sich.',
  ],
  'device.mistaken': [
    'Das beschriebene Gerät sagt jetzt, dass es ein anderes ist[: {found} statt {expected}]. Gelesen wurde das Typenschild eines anderen Geräts.',
    'Benutzen Sie keines von beiden, bevor jemand nachgesehen hat: Auf dem einen läuft, was für das andere gedacht war.',
  ],
  'device.no-rollback': [
    'Diese Art von Gerät kann nicht zur alten Version zurück.',
    'Bitten Sie den Herausgeber um einen Plan, der die alte Version installiert.',
  ],
  'device.rollback-failed': [
    'Das Gerät ist nicht zur alten Version zurückgekehrt[: Es führt {found} aus].',
    'Benutzen Sie die Maschine nicht, bevor jemand nachgesehen hat.',
  ],
  'device.no-space': [
    'Das Gerät hat zu wenig freien Speicher für die Datei[: {free:bytes} von {needed:bytes}].',
    'Es wurde nichts verändert. Schaffen Sie Platz auf dem Gerät und versuchen Sie es erneut.',
  ],
  'device.write-failed': [
    'Das Schreiben auf das Gerät ist fehlgeschlagen[ bei {at:bytes}].',
    'Prüfen Sie Kabel und Strom und versuchen Sie es noch einmal.',
  ],
  'device.cancelled': [
    'Das Gerät hat die Übertragung abgebrochen[ bei {at:bytes}].',
    'Sehen Sie nach, was es auf seiner Konsole sagt, und versuchen Sie es noch einmal.',
  ],
  'device.no-prompt': [
    'Das Gerät antwortet, aber nicht mit einer Eingabezeile, die sein Profil kennt.',
    'Vielleicht benutzt jemand seine Konsole, oder es startet noch. Warten Sie einen Moment und versuchen Sie es noch einmal.',
  ],
  'device.unexpected-answer': [
    'Das Gerät hat etwas anderes geantwortet als erwartet[ auf {command}][: {said}].',
    'Nichts davon wurde als Erfolg gewertet. Schicken Sie den Bericht an den Herausgeber, bevor Sie es noch einmal versuchen.',
  ],
  'device.not-restored': [
    'Die Aktualisierung ist fehlgeschlagen, und das Gerät ließ sich nicht in den alten Zustand bringen.',
    'Benutzen Sie die Maschine nicht. Sehen Sie nach dem Gerät, bevor etwas anderes damit geschieht.',
  ],
  'device.unconfirmed': [
    'Die neue Version läuft zur Probe und wurde nicht bestätigt. Beim nächsten Neustart kehrt das Gerät zur alten zurück.',
    'Starten Sie den Plan noch einmal, um sie zu prüfen und zu bestätigen, oder starten Sie das Gerät neu, um zurückzukehren.',
  ],
  'device.forward-failed': [
    'Das Gerät konnte die Aktualisierung nicht an ein Gerät dahinter weitergeben[: {said}].',
    'Prüfen Sie, ob das Gerät dahinter eingeschaltet und verbunden ist, und führen Sie den Plan noch einmal aus. Weist es sie wieder zurück, melden Sie es dem Herausgeber.',
  ],
  'device.script-failed': [
    'Ein Skript auf dem Gerät sagte Nein[ ({script})][: {said}].',
    'Das Gerät behält die alte Version oder kehrt selbst zu ihr zurück. Beheben Sie die Ursache, die das Skript nennt, und versuchen Sie es noch einmal.',
  ],
  'device.verify-key': [
    'Das Gerät würde nicht prüfen, wer das Artefakt signiert hat, oder mit einem anderen Schlüssel, als das signierte Profil nennt[ ({path})].',
    'Es wurde nichts installiert. Richten Sie in der mender.conf des Geräts den Prüfschlüssel ein, den das Profil nennt, und versuchen Sie es noch einmal.',
  ],
  'device.verdict-missed': [
    'Das Gerät hat nicht gesagt, wie die Aktualisierung ausging.',
    'Drücken Sie „Noch einmal prüfen“: Slipway liest, was das Gerät ausführt.',
  ],

  'trace.unreadable': [
    'Diese Datei ist keine Aufzeichnung eines Geräts, oder sie ist beschädigt[ (Zeile {line})].',
    'Zeichnen Sie noch einmal auf, oder bitten Sie den Absender um die ursprüngliche Datei.',
  ],
  'trace.unknown': [
    'Diese Aufzeichnung gibt es auf dieser Konsole nicht.',
    'Sie wurde vielleicht entfernt. Sehen Sie in der Liste der Aufzeichnungen nach.',
  ],
  'trace.recording': [
    'Dieses Gerät wird schon aufgezeichnet[ ({address})].',
    'Beenden Sie die laufende Aufzeichnung, oder warten Sie, bis sie voll ist.',
  ],
  'trace.unwritable': [
    'Hier kann keine Aufzeichnung geschrieben werden[: {path}].',
    'Schaffen Sie Platz auf der Festplatte dieses Laptops, oder fragen Sie, wer ihn betreut.',
  ],

  'reading.missing': [
    'Ein Wert, den der Plan braucht, fehlt[: {title}].',
    'Prüfen Sie den Sensor und sein Kabel. Slipway liest von selbst noch einmal.',
  ],
  'reading.stale': [
    'Ein Wert ist zu alt[: {title}][, gelesen vor {ageMs:duration}][, höchstens {maxAgeMs:duration} erlaubt].',
    'Prüfen Sie die Verbindung zum Gerät. Slipway liest von selbst noch einmal.',
  ],
  'reading.unreadable': [
    'Ein Wert ist nicht zu verstehen[: {title}][; das Gerät sagt „{raw}“].',
    'Prüfen Sie den Sensor. Hat das Gerät recht, sagen Sie es dem Herausgeber seines Profils.',
  ],
  'reading.out-of-range': [
    'Ein Wert liegt außerhalb dessen, was der Sensor messen kann[: {title}][; das Gerät sagt „{raw}“].',
    'Prüfen Sie den Sensor: Er kann kaputt oder abgezogen sein.',
  ],
  'reading.unknown-signal': [
    'Der Plan verlangt einen Wert, den dieses Gerät nicht hat[: {signal}].',
    'Sagen Sie es dem Herausgeber des Plans.',
  ],
  'condition.false': [
    'Eine Bedingung des Plans ist nicht erfüllt[: {title}][. {signalTitle}: {value}][ {unit}][, gelesen vor {ageMs:duration}].',
    'Sorgen Sie dafür. Slipway liest von selbst noch einmal.',
  ],
  'condition.error': [
    'Eine Bedingung des Plans lässt sich nicht auswerten[: {title}]. Sie zählt als nicht erfüllt.',
    'Sagen Sie es dem Herausgeber des Plans.',
  ],
  'condition.not-boolean': [
    'Eine Bedingung des Plans ist weder wahr noch falsch[: {title}]. Sie zählt als nicht erfüllt.',
    'Sagen Sie es dem Herausgeber des Plans.',
  ],
  'condition.not-attested': [
    'Noch hat das niemand bestätigt[: {title}].',
    'Sehen Sie selbst nach und bestätigen Sie es dann.',
  ],
  'condition.changed-while-writing': [
    'Die Maschine hat beim Schreiben ihren sicheren Zustand verlassen[: {title}]. Das Schreiben wurde angehalten.',
    'Bringen Sie sie in den sicheren Zustand zurück. Dann macht Slipway weiter.',
  ],
  'check.failed': [
    'Eine Prüfung der neuen Version ging nicht auf[: {title}][ innerhalb von {withinMs:duration}].',
    'Der Plan sagt, was nun geschieht. Schicken Sie den Bericht an den Herausgeber.',
  ],
}
