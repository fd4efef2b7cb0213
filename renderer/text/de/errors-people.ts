import type { PeopleErrors } from '../error-codes.ts'

export const peopleErrors: PeopleErrors = {
  'audit.no-recipients': [
    'Noch ist niemand benannt, der das Protokoll lesen darf; seine Einzelheiten können nicht versiegelt werden.',
    'Richten Sie Vertrauen ein und gleichen Sie ab: Die signierte Richtlinie benennt sie.',
  ],
  'audit.chain-broken': [
    'Das Protokoll auf diesem Laptop wurde verändert oder beschädigt[, bei Eintrag {seq}].',
    'Löschen Sie nichts. Laden Sie das Protokoll hoch und sagen Sie es denen, die es lesen.',
  ],
  'audit.bad-head': [
    'Das signierte Ende des Protokolls passt nicht zum Protokoll[ (Eintrag {seq})].',
    'Löschen Sie nichts. Sagen Sie es denen, die das Protokoll lesen.',
  ],
  'audit.bad-receipt': [
    'Die Quittung für das hochgeladene Protokoll ist ungültig. Die Einträge bleiben auf diesem Laptop.',
    'Laden Sie noch einmal hoch. Bleibt es dabei, sagen Sie es den Betreibern des Servers.',
  ],
  'audit.bad-segment': [
    'Der hochgeladene Teil des Protokolls ist nicht lesbar.',
    'Laden Sie noch einmal hoch. Bleibt es dabei, sagen Sie es den Betreibern des Servers.',
  ],
  'audit.gap': [
    'Zwischen dem, was der Server hat, und dem, was kam, fehlen Einträge[: {expected} erwartet, {found} gekommen].',
    'Sagen Sie es den Betreibern des Servers. Hier wurde nichts gelöscht.',
  ],
  'audit.fork': [
    'Der Server hat eine andere Geschichte dieser Konsole. Vielleicht ist eine Kopie von ihr in Gebrauch.',
    'Arbeiten Sie nicht mit diesem Laptop weiter, bis die Betreiber des Servers das geklärt haben.',
  ],
  'audit.unknown-console': [
    'Der Server kennt diese Konsole nicht.',
    'Geben Sie dem Herausgeber Ihre Anmeldung und gleichen Sie ab, sobald sie angenommen ist.',
  ],
  'audit.refused': [
    'Der Server hat das Protokoll abgelehnt.',
    'Die Einträge bleiben hier. Sagen Sie es den Betreibern des Servers.',
  ],
  'audit.truncated': [
    'Das Ende des Protokolls fehlt[: Es sollte bis Eintrag {expected} reichen und endet bei {found}].',
    'Löschen Sie nichts. Sagen Sie es denen, die das Protokoll lesen.',
  ],
  'audit.upload-overdue': [
    'Das Protokoll wurde lange nicht hochgeladen[: {entries|# Eintrag wartet|# Einträge warten}, der älteste seit {since:day}].',
    'Verbinden Sie sich mit dem Server und gleichen Sie ab, oder legen Sie das Protokoll auf einen Stick für eine Konsole mit Verbindung.',
  ],
  'audit.bad-waybill': [
    'Die Papiere eines Protokolls auf dem Stick passen nicht dazu[ ({console})]. Es wurde nicht übernommen.',
    'Sagen Sie es dem, der den Stick gebracht hat. Das Protokoll ist noch auf dem Laptop, von dem es kommt.',
  ],
  'audit.carried-full': [
    'Protokolle anderer Konsolen belegen allen Platz, den sie dürfen[: {used:bytes} von {limit:bytes}]. Der Rest blieb auf dem Stick.',
    'Gleichen Sie ab, damit sie gesendet werden, und übernehmen Sie den Stick dann noch einmal.',
  ],
  'audit.carried-overdue': [
    'Protokolle anderer Konsolen warten hier seit langem[: {entries|# Eintrag|# Einträge}, der älteste seit {since:day}].',
    'Verbinden Sie sich mit dem Server und gleichen Sie ab, damit sie gesendet werden.',
  ],

  'people.not-signed-in': ['Niemand ist angemeldet.', 'Melden Sie sich an und versuchen Sie es noch einmal.'],
  'people.unknown-operator': [
    'Dieser Laptop kennt diese Person nicht[: {operator}].',
    'Lassen Sie sich auf diesem Laptop erst eintragen.',
  ],
  'people.wrong-passphrase': [
    'Die Passphrase stimmt nicht.',
    'Geben Sie sie noch einmal ein. Achten Sie auf die Feststelltaste und die Sprache der Tastatur.',
  ],
  'people.weak-passphrase': [
    'Die Passphrase ist zu leicht zu erraten.',
    'Nehmen Sie eine längere[, mindestens {min|# Zeichen|# Zeichen}], am besten vier Wörter, die nicht zusammengehören.',
  ],
  'people.too-many-attempts': [
    'Zu viele falsche Passphrasen.',
    'Warten Sie [{waitMs:duration} ]und versuchen Sie es noch einmal.',
  ],
  'people.not-enrolled': [
    'Der Herausgeber hat Sie auf dieser Konsole noch nicht angenommen.',
    'Geben Sie Ihre Anmeldung ab. Ist sie angenommen, gleichen Sie ab.',
  ],
  'people.lease-ended': [
    'Ihre Berechtigung ist abgelaufen[ am {until:datetime}]. Sie können weiter nachsehen und hochladen, aber nicht aktualisieren.',
    'Verbinden Sie sich mit dem Server und gleichen Sie ab. Bleibt es dabei, bitten Sie den Herausgeber um Verlängerung.',
  ],
  'people.lease-ends-soon': [
    'Ihre Berechtigung läuft bald ab[: {until:datetime}].',
    'Gleichen Sie vorher ab. Bleibt es dabei, bitten Sie den Herausgeber um Verlängerung.',
  ],
  'people.role-missing': [
    'Sie haben die Rolle nicht, die das braucht[: {needed}].',
    'Bitten Sie jemanden, der sie hat, oder fragen Sie den Herausgeber.',
  ],
  'people.site-not-allowed': [
    'Ihre Berechtigung gilt nicht für diesen Standort[: {site}].',
    'Bitten Sie jemanden, der hier darf, oder fragen Sie den Herausgeber.',
  ],
  'people.type-not-allowed': [
    'Ihre Berechtigung gilt nicht für diesen Gerätetyp[: {type}].',
    'Bitten Sie jemanden, der ihn warten darf, oder fragen Sie den Herausgeber.',
  ],
  'people.second-person-needed': [
    'Das braucht eine zweite Person.',
    'Bitten Sie jemanden, der auf diesem Laptop eingetragen ist, mit der eigenen Passphrase zu bestätigen.',
  ],
  'people.same-person-twice': [
    'Die zweite Person muss jemand anderes sein.',
    'Bitten Sie jemanden, mit der eigenen Passphrase zu bestätigen.',
  ],
  'people.name-taken': [
    'Jemand mit diesem Namen ist hier schon eingetragen[: {name}].',
    'Melden Sie sich an, oder ergänzen Sie den Namen so, dass man Sie unterscheidet.',
  ],
}
