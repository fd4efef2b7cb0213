export const doctor = {
  title: 'Verbindungsdoktor',
  lead: 'Sucht, was ein Gerät fernhält. Zum Gerät wird nichts gesendet.',
  address: 'Adresse',
  addressHint:
    'serial:/dev/ttyUSB0, usb:1-1.4, udp://10.0.0.7:1337 oder http://10.0.0.9:8080. Leer lassen, um den ganzen Laptop anzusehen.',
  examine: 'Untersuchen',
  again: 'Noch einmal untersuchen',
  of: 'Untersuchung von {address}',
  ofAll: 'Untersuchung dieses Laptops',
  at: '{at:datetime}, {platform}',
  copy: 'Bericht kopieren',
  seen: 'Gesehen',
  todo: 'Was zu tun ist',
  'level-fault': 'hält es fern',
  'level-notice': 'kann stören',
  'level-unknown': 'nicht einsehbar',
  'level-fine': 'in Ordnung',
  ruleTitle: 'Regel für dieses Gerät',
  ruleFile: 'Datei: {file}',
  ruleWrite: 'Regel schreiben',
  ruleByHand: 'Dieses Konto darf sie nicht schreiben. Geben Sie Text und Dateinamen der Verwaltung des Laptops.',
  ruleWritten: 'Die Regel ist geschrieben: {file}. Ziehen Sie das Gerät ab und stecken Sie es wieder an.',

  answers: 'Ein Gerät antwortet[: {device}].',
  'answers-do': 'Nichts. Die Verbindung funktioniert.',
  'not-asked': 'An {address} hat noch niemand gefragt, wer da ist.',
  'not-asked-do':
    'Fragen Sie, wer dort antwortet, oder fügen Sie die Adresse hinzu. Bis dahin lässt sich nur der Anschluss selbst ansehen.',
  'being-asked': '{address} wird gerade zum ersten Mal gefragt.',
  'being-asked-do': 'Warten Sie einen Moment und untersuchen Sie noch einmal.',
  'no-answer': 'An {address} antwortet niemand.',
  'no-answer-do': 'Prüfen Sie, ob das Gerät Strom hat und läuft und ob das Kabel zu ihm führt.',
  'someone-else': 'An {address} antwortet etwas, aber keines der Geräte mit signiertem Profil.',
  'someone-else-do': 'Prüfen Sie, welches Gerät dort angeschlossen ist und ob sein Profil an Bord ist.',
  'no-profile': 'Kein signiertes Profil weiß, was an {address} sein kann.',
  'no-profile-do': 'Synchronisieren Sie, oder bitten Sie den Herausgeber um das Profil dieses Geräts.',
  'no-identity': 'Das Gerät an {address} nennt keine Seriennummer.',
  'no-identity-do':
    'Richten Sie das Gerät mit einer Seriennummer ein. Ein Update muss wissen, welches Gerät es trifft.',
  'no-prompt': 'An {address} antwortet eine Konsole, aber mit keiner Eingabezeile, die ein Profil kennt.',
  'no-prompt-do':
    'Vielleicht ist dort jemand angemeldet, oder sie startet noch. Melden Sie sich dort ab, warten Sie und versuchen Sie es noch einmal.',
  'login-wanted': 'Das Gerät an {address} verlangt eine Anmeldung.',
  'login-wanted-do': 'Hinterlegen Sie Benutzername und Passwort unter Einstellungen, Verbindungen.',
  'not-trusted': 'Das Gerät an {address} kann nicht beweisen, wer es ist[ ({reason})].',
  'not-trusted-do':
    'Prüfen Sie Adresse und Datum dieses Laptops. Das Zertifikat kann abgelaufen oder ersetzt sein: Fragen Sie den Herausgeber.',
  'host-key-changed':
    'Das Gerät an {address} zeigt einen anderen Host-Schlüssel als den signierten[: {seen} statt {expected}].',
  'host-key-changed-do':
    'Melden Sie sich nicht an. Es kann ein anderes Gerät sein oder jemand dazwischen. Wurde das Gerät neu eingerichtet, muss der Herausgeber den neuen Schlüssel signieren.',
  'host-key-unknown': 'Für das Gerät an {address} ist kein signierter Host-Schlüssel bekannt[; es zeigt {seen}].',
  'host-key-unknown-do':
    'Vergleichen Sie den Schlüssel mit dem am Gerät, und bitten Sie den Herausgeber, ihn zu signieren.',

  'port-gone': 'Es gibt keinen Anschluss {path}.',
  'port-gone-do': 'Stecken Sie das Kabel ein. Nach erneutem Einstecken kann der Anschluss anders heißen.',
  'port-forbidden': 'Das Konto {user} darf {path} nicht benutzen[; die Gruppe {group} darf es].',
  'port-forbidden-do':
    'Nehmen Sie das Konto in diese Gruppe auf und melden Sie sich am Laptop neu an, oder schreiben Sie die Regel unten.',
  'port-held': 'Das Programm {program} (Prozess {pid}) hat {path} geöffnet.',
  'port-held-do': 'Schließen Sie es. Zwei Programme an einem Anschluss nehmen einander die Bytes weg.',
  'port-held-unknown': 'Ein anderes Programm benutzt {path}. Welches, ist von diesem Konto aus nicht zu sehen.',
  'port-held-unknown-do':
    'Schließen Sie Terminalprogramme und andere Werkzeuge für serielle Anschlüsse. Hilft das nicht, starten Sie den Laptop neu.',
  'holders-unknown':
    'Ob ein anderes Programm {path} benutzt, ist nicht zu sehen[: {hidden|# Programm eines anderen Kontos|# Programme anderer Konten}].',
  'holders-unknown-do': 'Nichts, solange das Gerät antwortet. Sonst schließen Sie, was den Anschluss benutzen kann.',
  'modem-manager-holds': 'ModemManager (Prozess {pid}) hat {path} geöffnet und spricht damit wie mit einem Modem.',
  'modem-manager-holds-do': 'Halten Sie ihn während der Arbeit an: systemctl stop ModemManager.',
  'modem-manager-runs':
    'ModemManager (Prozess {pid}) läuft. Er probiert jeden neuen seriellen Anschluss eine halbe Minute lang als Modem.',
  'modem-manager-runs-do':
    'Antwortet ein Gerät erst einige Zeit nach dem Einstecken, halten Sie ihn an: systemctl stop ModemManager.',
  'ftdi-latency': 'Der Adapter an {path} hält Bytes {ms} ms lang zurück.',
  'ftdi-latency-do':
    'Updates werden langsam. Stellen Sie seine Wartezeit auf 1 ms (unter Windows in den Eigenschaften des Anschlusses).',
  'wrong-speed': 'Was ankommt, ist zu {percent} % unlesbar[ bei {baud} Baud].',
  'wrong-speed-do':
    'Das Gerät spricht vermutlich mit anderer Geschwindigkeit, als sein Profil sagt. Prüfen Sie seine Einstellung und die Masseleitung.',
  'other-talk': 'Auf dieser Leitung spricht etwas anderes. Es endet mit „{said}“.',
  'other-talk-do':
    'Prüfen Sie, welches Gerät dort angeschlossen ist. Ist es das richtige, läuft auf ihm ein anderes Programm.',
  'nothing-heard': 'Es wurden Bytes gesendet, und nicht ein einziges kam zurück[ bei {baud} Baud].',
  'nothing-heard-do':
    'Prüfen Sie den Strom des Geräts, ob der Stecker im Konsolenanschluss sitzt und ob Senden und Empfangen vertauscht sind.',

  'damaged-frames': '{bad} von {frames} Rahmen kamen beschädigt an.',
  'damaged-frames-do':
    'Nehmen Sie ein anderes, kürzeres Kabel oder einen Anschluss ohne Hub. Halten Sie es von Motoren und Antrieben fern.',
  'breaks-off': 'Die Verbindung brach {times} Mal ab.',
  'breaks-off-do':
    'Prüfen Sie den Stecker. Nehmen Sie ein anderes Kabel und einen Anschluss am Laptop selbst statt eines Hubs.',
  'usb-stalls': 'Das Gerät hat {times} USB-Anfragen abgelehnt.',
  'usb-stalls-do':
    'Stecken Sie es neu ein. Bleibt es so, tut sein Bootloader nicht, was das Profil sagt: Melden Sie es dem Herausgeber.',
  'usb-timeouts': '{times} USB-Anfragen wurden nicht rechtzeitig beantwortet.',
  'usb-timeouts-do':
    'Nehmen Sie ein anderes Kabel und einen Anschluss am Laptop selbst statt eines Hubs und stecken Sie es neu ein.',

  'usb-gone': 'An {place} ist kein USB-Gerät eingesteckt.',
  'usb-gone-do': 'Stecken Sie es ein. An einem anderen Anschluss des Laptops hat es eine andere Adresse.',
  'usb-forbidden': 'Das Konto {user} darf das USB-Gerät an {place}[ ({ids})] nicht benutzen.',
  'usb-forbidden-do': 'Schreiben Sie die Regel unten, dann ziehen Sie das Gerät ab und stecken es wieder ein.',
  'usb-held': 'Ein anderes Programm oder ein Treiber des Systems benutzt das USB-Gerät an {place}[ ({ids})].',
  'usb-held-do': 'Schließen Sie andere Werkzeuge, die es benutzen, und stecken Sie es neu ein.',
  'winusb-missing': 'Windows hat dem USB-Gerät an {place}[ ({ids})] nicht den Treiber WinUSB gegeben.',
  'winusb-missing-do':
    'Installieren Sie WinUSB dafür, mit dem Paket des Herstellers oder mit Zadig, und stecken Sie es neu ein.',
  'no-usb-bus': 'Dieser Laptop hat kein USB, das Slipway sehen könnte.',
  'no-usb-bus-do':
    'In einer virtuellen Maschine oder einem Container reichen Sie die USB-Geräte weiter. Sonst nehmen Sie serielle Anschlüsse oder das Netz.',
  'no-udev': 'Der Dienst, der Geräte meldet (udev), läuft nicht.',
  'no-udev-do': 'Eingesteckte Geräte werden etwas später gefunden. Sonst geht nichts verloren.',

  'no-network': 'Dieser Laptop ist in keinem Netz.',
  'no-network-do': 'Stecken Sie das Netzkabel ein oder verbinden Sie sich mit dem Funknetz des Geräts.',
  'name-unknown': 'Den Namen {host} kennt niemand.',
  'name-unknown-do': 'Nehmen Sie die Zahlenadresse des Geräts, etwa 10.0.0.7.',
  'wrong-subnet': '{ip} ist in keinem der Netze dieses Laptops[: {own}], und es führt kein Weg dorthin.',
  'wrong-subnet-do': 'Geben Sie dem Laptop eine Adresse im Netz des Geräts, oder prüfen Sie die Adresse.',
  unreachable: 'An {host} ist keine Maschine.',
  'unreachable-do': 'Prüfen Sie, ob das Gerät Strom hat, ob sein Netzkabel steckt, und seine Adresse.',
  'nothing-listens': 'An {host} ist eine Maschine, aber an Port {port} hört niemand zu.',
  'nothing-listens-do': 'Prüfen Sie den Port und ob der Update-Dienst auf dem Gerät läuft.',
  'network-silent': 'Von {host}, Port {port}, kommt nichts zurück.',
  'network-silent-do':
    'Das Gerät ist aus, eine Firewall verwirft, was gesendet wird, oder das Gerät antwortet nur auf das, was es versteht.',
  'port-open': 'Port {port} an {host} ist offen.',
  'port-open-do': 'Der Weg dorthin funktioniert. Was fehlt, liegt zwischen der Konsole und dem Programm auf dem Gerät.',

  'no-ports': 'Es ist kein serieller Anschluss eingesteckt.',
  'no-ports-do': 'Stecken Sie das Kabel oder den Adapter ein. Manche Adapter brauchen unter Windows einen Treiber.',
  'cannot-tell': 'Wie es um {what} steht, kann niemand sagen.',
  'cannot-tell-do': 'Dieses System verrät es nicht. Versuchen Sie, was die anderen Befunde sagen.',
  'nothing-found': 'Es wurde nichts gefunden, was Geräte fernhält.',
  'nothing-found-do': 'Fehlt ein Gerät trotzdem, untersuchen Sie seine eigene Adresse.',
} as const
