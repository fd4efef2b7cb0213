/** The few words that this process says itself; everything else is the page's. */
export interface MainWords {
  readonly writing: string
  readonly writingWhy: string
  readonly keepOpen: string
  readonly closeWhenSafe: string
  readonly view: string
  readonly edit: string
}

const ENGLISH: MainWords = {
  writing: 'A device is being written',
  writingWhy: 'If Slipway ends now, the device may be left without working software until the update is resumed.',
  keepOpen: 'Keep Slipway open',
  closeWhenSafe: 'Close when it is safe',
  view: 'View',
  edit: 'Edit',
}

const WORDS: Readonly<Record<string, MainWords>> = {
  en: ENGLISH,
  de: {
    writing: 'Ein Gerät wird gerade beschrieben',
    writingWhy:
      'Wenn Slipway jetzt endet, hat das Gerät womöglich keine lauffähige Software, bis das Update fortgesetzt wird.',
    keepOpen: 'Slipway offen lassen',
    closeWhenSafe: 'Schließen, sobald es sicher ist',
    view: 'Ansicht',
    edit: 'Bearbeiten',
  },
  no: {
    writing: 'En enhet blir skrevet til nå',
    writingWhy:
      'Hvis Slipway avsluttes nå, kan enheten bli stående uten fungerende programvare til oppdateringen fortsetter.',
    keepOpen: 'La Slipway være åpen',
    closeWhenSafe: 'Lukk når det er trygt',
    view: 'Vis',
    edit: 'Rediger',
  },
  es: {
    writing: 'Se está escribiendo un dispositivo',
    writingWhy:
      'Si Slipway se cierra ahora, el dispositivo puede quedar sin software que funcione hasta que se reanude la actualización.',
    keepOpen: 'Mantener Slipway abierto',
    closeWhenSafe: 'Cerrar cuando sea seguro',
    view: 'Ver',
    edit: 'Editar',
  },
}

/** The first language of the system that the console speaks, else English. `nb` and `nn` are Norwegian. */
export function mainWords(systemLanguages: readonly string[]): MainWords {
  for (const tag of systemLanguages) {
    const language = tag.toLowerCase().split('-', 1)[0] ?? ''
    const known = language === 'nb' || language === 'nn' ? 'no' : language
    const words = Object.hasOwn(WORDS, known) ? WORDS[known] : undefined
    if (words) return words
  }
  return ENGLISH
}
