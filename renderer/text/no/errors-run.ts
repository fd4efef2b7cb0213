import type { RunErrors } from '../error-codes.ts'

export const runErrors: RunErrors = {
  'plan.unknown': ['Det er ingen slik plan om bord[: {plan}].', 'Synkroniser.'],
  'plan.invalid': ['Planen motsier seg selv. Den kan ikke kjøres.', 'Si fra til utgiveren.'],
  'plan.not-yet': ['Planen gjelder ikke ennå[; den begynner {notBefore:datetime}].', 'Vent til da.'],
  'plan.expired': ['Planen er utløpt[ {expires:datetime}].', 'Synkroniser. Vedvarer det, be utgiveren om en ny plan.'],
  'plan.outside-window': [
    'Det er utenfor tiden planen får kjøre[: {from} til {to}, {zone}].',
    'Start den innenfor den tiden.',
  ],
  'plan.wrong-site': ['Planen er ikke for dette stedet[: {site}].', 'Velg riktig sted, eller en annen plan.'],
  'plan.wrong-type': ['Planen er ikke for denne enhetstypen[: {type}].', 'Velg en annen plan.'],
  'plan.wrong-serial': [
    'Planen nevner bestemte serienumre, og denne enheten er ikke blant dem[: {serial}].',
    'Velg en annen plan.',
  ],
  'plan.wrong-version': [
    'Planen går ikke ut fra versjonen som kjører[: {component} {found}, planen vil ha {wanted}].',
    'Velg en plan for denne versjonen, eller si fra til utgiveren.',
  ],
  'plan.version-unknown': [
    'Enheten er i oppstartslasteren og kan ikke si hvilken versjon den hadde[: Planen går ut fra {component} {wanted}].',
    'Start programmet på enheten, eller be utgiveren om en plan som er ment å gjenopprette en slik enhet.',
  ],
  'plan.only-recovery': [
    'Planen henter bare tilbake enheter der ikke annet enn oppstartslasteren er igjen.',
    'Bruk en annen plan: programmet på denne enheten kjører.',
  ],
  'plan.other-claim': [
    'Merkeskiltet på denne enheten ble lest for en annen plan[: {plan}].',
    'Kjør den planen, eller ta ordet tilbake og les merkeskiltet for denne.',
  ],
  'plan.no-claims': [
    'Planen lar ingen si hvilken enhet en oppstartslaster hører til.',
    'Be utgiveren om en plan som gjør det. Til da skrives ingenting her.',
  ],
  'plan.not-needed': ['Enheten kjører alt det planen installerer.', 'Ingenting å gjøre.'],
  'plan.order': ['Andre enheter kommer først[: {first}].', 'Oppdater dem først.'],
  'plan.batch-stopped': [
    'Serien ble stoppet fordi for mange enheter feilet[: {failures} av høyst {limit}].',
    'Se på hva som feilet før du starter den igjen.',
  ],

  'run.unknown': ['Det finnes ingen slik kjøring[: {run}].', 'Se i listen over kjøringer.'],
  'run.device-busy': ['En annen kjøring arbeider på denne enheten.', 'Vent til den er slutt, eller stopp den først.'],
  'run.already-active': ['Denne kjøringen er alt i gang.', 'Åpne den for å se hvor langt den er.'],
  'run.not-waiting': ['Kjøringen venter ikke på svar nå.', 'Se på kjøringen: Den kan ha gått videre.'],
  'run.wrong-answer': ['Kjøringen spør om noe annet nå.', 'Les det nye spørsmålet, og svar på det.'],
  'run.console-battery': [
    'Batteriet på denne laptopen er for lavt[: {battery} %, planen vil ha {needed} %].',
    'Koble til laderen og prøv igjen.',
  ],
  'run.took-too-long': [
    'Kjøringen tok lengre tid enn planen tillater[: {limitMs:duration}].',
    'Se til enheten og forbindelsen før du starter igjen.',
  ],
  'run.interrupted': [
    'Konsollen ble stoppet midt i denne kjøringen.',
    'Slipway spør enheten hva som skjedde og fortsetter derfra.',
  ],
  'run.not-safe-to-stop': [
    'Den kan ikke stoppe her uten fare for enheten.',
    'Den stopper av seg selv ved neste sikre punkt.',
  ],
  'run.override-not-allowed': [
    'Planen tillater ikke at denne betingelsen overstyres.',
    'Sørg for at den er oppfylt i stedet.',
  ],
  'run.not-final': ['Kjøringen er ikke slutt ennå.', 'Vent til den er det.'],
  'run.needs-person': ['En kjøring venter på et menneske[: {device}].', 'Åpne kjøringen og svar.'],
  'run.ended-unknown': [
    'Det er ikke kjent hva en enhet kjører[: {device}].',
    'Åpne kjøringen, se til enheten og trykk «Sjekk igjen».',
  ],

  'depot.not-a-depot': ['Det er ikke noe depot i den mappen[: {path}].', 'Lag ett med «slipway depot init».'],
  'depot.exists': ['Det er alt et depot i den mappen[: {path}].', 'Velg en annen mappe.'],
  'depot.unknown-key': ['Depotet har ikke den nøkkelen[: {key}].', 'List nøklene med «slipway depot keys».'],
  'depot.missing-keys': [
    'Det er for få nøkler her til å signere[ {role}][: {found} av {needed}].',
    'Hent nøklene som mangler, og signer igjen.',
  ],
  'depot.lint': ['Dokumentet ville ikke virke på en konsoll[: {path}][ ({why})].', 'Rett det og publiser igjen.'],
  'depot.not-published': ['Det er lagt til, men ikke publisert ennå[: {path}].', 'Publiser depotet.'],
  'depot.duplicate': ['Det er der allerede[: {path}].', 'Bruk et annet navn eller en annen versjon.'],
  'depot.nothing-to-sign': ['Nøklene på denne maskinen kan signere alt.', 'Publiser depotet.'],
  'depot.ceremony-other': [
    'Filen gjelder ikke det depotet vil ha signert[: {role}].',
    'Eksporter på nytt, sammenlign kodene, og signer den nye filen.',
  ],
  'depot.ceremony-document': [
    'Et dokument i filen er ikke det som ville bli signert[: {path}].',
    'Ikke signer. Be utgiveren om en ny fil, og finn ut hvordan det kunne skje.',
  ],
  'site.unknown': ['Det er ikke noe slikt sted om bord[: {site}].', 'Synkroniser, eller velg et annet sted.'],
  'plan.none-fits': [
    'Enheten kjører ikke det stedet vil ha, og ingen plan om bord fører dit.',
    'Synkroniser. Gir det ingen plan, be utgiveren om en.',
  ],
}
