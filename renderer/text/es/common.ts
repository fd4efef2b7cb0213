import type { Catalogue } from '../words-of.ts'

export const common: Catalogue['common'] = {
  loading: 'Cargando',
  details: 'Detalle para soporte',
  cancel: 'Dejarlo',
  copied: 'Copiado',
  ago: 'hace {age:duration}',
  justNow: 'ahora',
  never: 'nunca',
  unknown: 'no se sabe',
  by: 'por {name}',
  versionChange: '{from} a {to}',
  showSecret: 'Mostrar la frase de paso',
  hideSecret: 'Ocultar la frase de paso',
  filter: 'Filtro',
  filterHint: 'Nombre, tipo, número o versión',
  noMatch: 'Nada coincide con «{text}»',
  clearFilter: 'Quitar el filtro',
  slideHint: 'Deslice a la derecha o mantenga pulsada la flecha derecha.',
  countOf: '{shown} de {all}',

  serial: 'puerto serie',
  udp: 'red (UDP)',
  http: 'red (HTTP)',
  usb: 'USB',
  memory: 'simulado',

  technician: 'técnico',
  crew: 'tripulación',
  supervisor: 'supervisor',
  support: 'soporte',
  auditor: 'auditor',

  security: 'Vulnerabilidad',
  safety: 'Seguridad',
  normal: 'Normal',
  optional: 'Opcional',
}
