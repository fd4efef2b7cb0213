import type { Catalogue } from '../words-of.ts'

export const packs: Catalogue['packs'] = {
  title: 'Paquetes',
  why: 'Todo lo que un viaje necesita, en una carpeta o una memoria: listas firmadas y archivos. No hace falta confiar en quien lo lleva.',
  folder: 'Carpeta o memoria',
  folderHelp: 'Completa, por ejemplo /media/stick o E:\\.',
  make: 'Hacer un paquete',
  take: 'Tomar un paquete',
  'phase-idle': 'No hay nada en marcha',
  'phase-making': 'Escribiendo el paquete',
  'phase-taking': 'Comprobando y tomando',
  made: 'El paquete está hecho: {n|# archivo|# archivos}, {bytes:bytes}, vale hasta el {until:datetime}.',
  taken:
    'El paquete está tomado: a fecha de {issued:datetime}, {plans|# plan|# planes}, {n|# archivo nuevo|# archivos nuevos}.',
  stillMissing: 'Archivos por {bytes:bytes} no estaban en él y siguen faltando.',
}
