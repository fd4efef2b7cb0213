import type { Catalogue } from '../words-of.ts'

export const packs: Catalogue['packs'] = {
  title: 'Pakker',
  why: 'Alt en tur trenger, i en mappe eller på en minnepinne: signerte lister og filer. Den som bærer den, trenger ingen å stole på.',
  folder: 'Mappe eller minnepinne',
  folderHelp: 'Fullt ut, for eksempel /media/stick eller E:\\.',
  make: 'Lag en pakke',
  take: 'Ta inn en pakke',
  'phase-idle': 'Ingenting pågår',
  'phase-making': 'Pakken skrives',
  'phase-taking': 'Kontrolleres og tas inn',
  made: 'Pakken er laget: {n|# fil|# filer}, {bytes:bytes}, gyldig til {until:datetime}.',
  taken: 'Pakken er tatt inn: per {issued:datetime}, {plans|# plan|# planer}, {n|# ny fil|# nye filer}.',
  stillMissing: 'Filer på {bytes:bytes} var ikke i den og mangler fortsatt.',
}
