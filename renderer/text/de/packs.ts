import type { Catalogue } from '../words-of.ts'

export const packs: Catalogue['packs'] = {
  title: 'Pakete',
  why: 'Alles, was eine Reise braucht, in einem Ordner oder auf einem Stick: signierte Listen und Dateien. Wer es trägt, muss nicht vertrauenswürdig sein.',
  folder: 'Ordner oder Stick',
  folderHelp: 'Vollständig, etwa /media/stick oder E:\\.',
  make: 'Paket machen',
  take: 'Paket übernehmen',
  'phase-idle': 'Nichts ist im Gange',
  'phase-making': 'Das Paket wird geschrieben',
  'phase-taking': 'Wird geprüft und übernommen',
  made: 'Das Paket ist fertig: {n|# Datei|# Dateien}, {bytes:bytes}, gültig bis {until:datetime}.',
  taken: 'Das Paket ist übernommen: Stand {issued:datetime}, {plans|# Plan|# Pläne}, {n|# neue Datei|# neue Dateien}.',
  stillMissing: 'Dateien mit {bytes:bytes} waren nicht darin und fehlen noch.',
}
