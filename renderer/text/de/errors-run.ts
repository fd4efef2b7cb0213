import type { RunErrors } from '../error-codes.ts'

export const runErrors: RunErrors = {
  'plan.unknown': ['Ein solcher Plan ist nicht an Bord[: {plan}].', 'Gleichen Sie ab.'],
  'plan.invalid': [
    'Der Plan widerspricht sich selbst. Er kann nicht ausgeführt werden.',
    'Sagen Sie es dem Herausgeber.',
  ],
  'plan.not-yet': ['Der Plan gilt noch nicht[; er beginnt am {notBefore:datetime}].', 'Warten Sie bis dahin.'],
  'plan.expired': [
    'Der Plan ist abgelaufen[ am {expires:datetime}].',
    'Gleichen Sie ab. Bleibt es dabei, bitten Sie den Herausgeber um einen neuen Plan.',
  ],
  'plan.outside-window': [
    'Jetzt ist nicht die Zeit, in der der Plan laufen darf[: {from} bis {to}, {zone}].',
    'Starten Sie ihn innerhalb dieser Zeit.',
  ],
  'plan.wrong-site': [
    'Der Plan ist nicht für diesen Standort[: {site}].',
    'Wählen Sie den richtigen Standort oder einen anderen Plan.',
  ],
  'plan.wrong-type': ['Der Plan ist nicht für diesen Gerätetyp[: {type}].', 'Wählen Sie einen anderen Plan.'],
  'plan.wrong-serial': [
    'Der Plan nennt bestimmte Seriennummern, und dieses Gerät ist nicht dabei[: {serial}].',
    'Wählen Sie einen anderen Plan.',
  ],
  'plan.wrong-version': [
    'Der Plan geht nicht von der Version aus, die läuft[: {component} {found}, der Plan will {wanted}].',
    'Wählen Sie einen Plan für diese Version, oder sagen Sie es dem Herausgeber.',
  ],
  'plan.version-unknown': [
    'Das Gerät ist in seinem Bootloader und kann nicht sagen, welche Version es hatte[: Der Plan geht von {component} {wanted} aus].',
    'Starten Sie seine Anwendung, oder bitten Sie den Herausgeber um einen Plan, der ein solches Gerät wiederherstellen darf.',
  ],
  'plan.only-recovery': [
    'Der Plan holt nur Geräte zurück, von denen nichts als der Bootloader übrig ist.',
    'Nehmen Sie einen anderen Plan: Auf diesem Gerät läuft die Anwendung.',
  ],
  'plan.other-claim': [
    'Das Typenschild dieses Geräts wurde für einen anderen Plan gelesen[: {plan}].',
    'Führen Sie jenen Plan aus, oder nehmen Sie die Zuordnung zurück und lesen Sie das Typenschild für diesen.',
  ],
  'plan.no-claims': [
    'Der Plan lässt niemanden sagen, zu welchem Gerät ein Bootloader gehört.',
    'Bitten Sie den Herausgeber um einen Plan, der das tut. Bis dahin wird hier nichts geschrieben.',
  ],
  'plan.not-needed': ['Das Gerät hat schon, was der Plan installiert.', 'Es ist nichts zu tun.'],
  'plan.order': ['Andere Geräte kommen zuerst[: {first}].', 'Aktualisieren Sie die zuerst.'],
  'plan.batch-stopped': [
    'Die Reihe wurde angehalten, weil zu viele Geräte fehlschlugen[: {failures} von höchstens {limit}].',
    'Sehen Sie nach, was fehlschlug, bevor Sie sie wieder starten.',
  ],

  'run.unknown': ['Einen solchen Lauf gibt es nicht[: {run}].', 'Sehen Sie in der Liste der Läufe nach.'],
  'run.device-busy': [
    'Ein anderer Lauf arbeitet an diesem Gerät.',
    'Warten Sie, bis er zu Ende ist, oder halten Sie ihn zuerst an.',
  ],
  'run.already-active': ['Dieser Lauf ist schon im Gang.', 'Öffnen Sie ihn, um zu sehen, wie weit er ist.'],
  'run.not-waiting': [
    'Der Lauf wartet gerade nicht auf eine Antwort.',
    'Sehen Sie sich den Lauf an: Vielleicht ist er schon weiter.',
  ],
  'run.wrong-answer': [
    'Der Lauf fragt inzwischen etwas anderes.',
    'Lesen Sie die neue Frage und beantworten Sie dann diese.',
  ],
  'run.console-battery': [
    'Der Akku dieses Laptops ist zu schwach[: {battery} %, der Plan will {needed} %].',
    'Schließen Sie das Netzteil an und versuchen Sie es noch einmal.',
  ],
  'run.took-too-long': [
    'Der Lauf dauerte länger, als der Plan erlaubt[: {limitMs:duration}].',
    'Sehen Sie nach Gerät und Verbindung, bevor Sie wieder starten.',
  ],
  'run.interrupted': [
    'Die Konsole wurde mitten in diesem Lauf angehalten.',
    'Slipway fragt das Gerät, was geschehen ist, und macht dort weiter.',
  ],
  'run.not-safe-to-stop': [
    'An dieser Stelle kann er nicht ohne Gefahr für das Gerät anhalten.',
    'Er hält am nächsten sicheren Punkt von selbst an.',
  ],
  'run.override-not-allowed': [
    'Der Plan erlaubt nicht, diese Bedingung zu übergehen.',
    'Sorgen Sie dafür, dass sie erfüllt ist.',
  ],
  'run.not-final': ['Der Lauf ist noch nicht zu Ende.', 'Warten Sie, bis er es ist.'],
  'run.needs-person': ['Ein Lauf wartet auf einen Menschen[: {device}].', 'Öffnen Sie den Lauf und antworten Sie.'],
  'run.ended-unknown': [
    'Es ist nicht bekannt, was ein Gerät ausführt[: {device}].',
    'Öffnen Sie den Lauf, sehen Sie nach dem Gerät und drücken Sie „Noch einmal prüfen“.',
  ],

  'depot.not-a-depot': ['In diesem Ordner ist kein Depot[: {path}].', 'Legen Sie eines an mit „slipway depot init“.'],
  'depot.exists': ['In diesem Ordner ist schon ein Depot[: {path}].', 'Wählen Sie einen anderen Ordner.'],
  'depot.unknown-key': [
    'Das Depot hat diesen Schlüssel nicht[: {key}].',
    'Zeigen Sie die Schlüssel mit „slipway depot keys“.',
  ],
  'depot.missing-keys': [
    'Zum Signieren sind zu wenige Schlüssel da[, für {role}][: {found} von {needed}].',
    'Holen Sie die fehlenden Schlüssel und signieren Sie noch einmal.',
  ],
  'depot.lint': [
    'Das Dokument würde auf einer Konsole nicht funktionieren[: {path}][ ({why})].',
    'Berichtigen Sie es und veröffentlichen Sie noch einmal.',
  ],
  'depot.not-published': [
    'Es ist hinzugefügt, aber noch nicht veröffentlicht[: {path}].',
    'Veröffentlichen Sie das Depot.',
  ],
  'depot.duplicate': ['Es ist schon da[: {path}].', 'Nehmen Sie einen anderen Namen oder eine andere Version.'],
  'depot.nothing-to-sign': [
    'Die Schlüssel auf diesem Rechner können alles signieren.',
    'Veröffentlichen Sie das Depot.',
  ],
  'depot.ceremony-other': [
    'In der Datei steht nicht, was das Depot signiert haben will[: {role}].',
    'Exportieren Sie neu, vergleichen Sie die Codes und signieren Sie die neue Datei.',
  ],
  'depot.ceremony-document': [
    'Ein Dokument in der Datei ist nicht das, was signiert würde[: {path}].',
    'Nicht signieren. Verlangen Sie vom Herausgeber eine neue Datei und klären Sie, wie es dazu kam.',
  ],
  'site.unknown': [
    'Ein solcher Standort ist nicht an Bord[: {site}].',
    'Synchronisieren Sie, oder wählen Sie einen anderen Standort.',
  ],
  'plan.none-fits': [
    'Auf dem Gerät läuft nicht, was dieser Standort will, und kein Plan an Bord führt dorthin.',
    'Synchronisieren Sie. Bringt das keinen Plan, bitten Sie den Herausgeber darum.',
  ],
}
