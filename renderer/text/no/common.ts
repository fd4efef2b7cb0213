import type { Catalogue } from '../words-of.ts'

export const common: Catalogue['common'] = {
  loading: 'Laster',
  details: 'Detaljer for brukerstøtte',
  cancel: 'La være',
  copied: 'Kopiert',
  ago: 'for {age:duration} siden',
  justNow: 'nå',
  never: 'aldri',
  unknown: 'ikke kjent',
  by: 'av {name}',
  versionChange: '{from} til {to}',
  showSecret: 'Vis passordfrasen',
  hideSecret: 'Skjul passordfrasen',
  filter: 'Filter',
  filterHint: 'Navn, type, nummer eller versjon',
  noMatch: 'Ingenting passer til «{text}»',
  clearFilter: 'Fjern filteret',
  slideHint: 'Skyv mot høyre, eller hold høyre piltast.',
  countOf: '{shown} av {all}',

  serial: 'serieport',
  udp: 'nettverk (UDP)',
  http: 'nettverk (HTTP)',
  usb: 'USB',
  memory: 'simulert',

  technician: 'tekniker',
  crew: 'mannskap',
  supervisor: 'leder',
  support: 'brukerstøtte',
  auditor: 'revisor',

  security: 'Sikkerhetshull',
  safety: 'Sikkerhet',
  normal: 'Normal',
  optional: 'Valgfri',
}
