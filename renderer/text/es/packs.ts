import type { Catalogue } from '../words-of.ts'

export const packs: Catalogue['packs'] = {
  title: 'Paquetes',
  why: 'Todo lo que un viaje necesita, en una carpeta o una memoria: listas firmadas y archivos. No hace falta confiar en quien lo lleva.',
  folder: 'Carpeta o memoria',
  folderHelp: 'Completa, por ejemplo /media/stick o E:\\.',
  make: 'Hacer un paquete',
  small: 'Paquete pequeño',
  smallHelp:
    'Para consolas que ya tienen una versión anterior: solo lo que cambia respecto a las últimas versiones, descargado ahora del editor.',
  take: 'Tomar un paquete',
  'phase-idle': 'No hay nada en marcha',
  'phase-making': 'Escribiendo el paquete',
  'phase-taking': 'Comprobando y tomando',
  made: 'El paquete está hecho: {n|# archivo|# archivos}, {bytes:bytes}, vale hasta el {until:datetime}.',
  taken:
    'El paquete está tomado: a fecha de {issued:datetime}, {plans|# plan|# planes}, {n|# archivo nuevo|# archivos nuevos}.',
  stillMissing: 'Archivos por {bytes:bytes} no estaban en él y siguen faltando.',
  handOver: 'Poner el registro en la memoria',
  handedOver: 'La memoria lleva el registro.',
  nothingToHand: 'Nada del registro espera a ser llevado.',
  carriesOwn: 'Lleva de vuelta también el registro de este portátil: {n|# entrada|# entradas}.',
  carriesOthers: 'Lleva también el registro de {console}: {n|# entrada|# entradas}.',
  carriesReceipts: 'Lleva también {n|# recibo|# recibos} para otras consolas.',
  logFailed: 'El registro no está en ella: {why}',
  broughtAlong: 'Tomado de la memoria:',
  broughtLog: 'El registro de {console}, {n|# entrada|# entradas}: se envía en la próxima sincronización.',
  broughtReceipts: 'El editor ha firmado {n|# entrada|# entradas} de este portátil[, traído por {by}].',
  broughtOthers: '{n|# recibo|# recibos} para otras consolas, siguen viaje.',
  waits: '{n|# entrada|# entradas} del registro pueden viajar en una memoria si no hay conexión.',
}
