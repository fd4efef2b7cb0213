import type { Catalogue } from '../words-of.ts'

export const demo: Catalogue['demo'] = {
  title: 'Visita guiada',
  hide: 'Ocultar la visita',
  show: 'Visita',
  now: 'ahora',
  done: 'hecho',
  later: 'después',
  surroundings: 'Las máquinas a su alrededor',
  surroundingsWhy: 'En la realidad alguien se acerca a la máquina. Aquí ese papel es suyo.',
  allDone: 'Esa fue toda la visita. Todo lo que vio funciona igual con equipos reales.',
  approve: 'Hacer de editor: aceptar la solicitud',
  go: 'Mostrar',

  'step-trust': 'Traer la confianza',
  'stepText-trust':
    'Escriba la dirección del servidor de demostración[: {address}] y compare la huella[, que empieza por {fingerprint}].',
  'step-enrol': 'Hacer su clave',
  'stepText-enrol': 'Escriba su nombre y una frase de paso. El portátil hace una clave y una solicitud.',
  'step-approve': 'Ser aceptado',
  'stepText-approve': 'El editor acepta su solicitud. Aquí usted hace de editor.',
  'step-sign-in': 'Iniciar sesión',
  'stepText-sign-in': 'Inicie sesión con la frase de paso que eligió.',
  'step-sync': 'Sincronizar',
  'stepText-sync': 'Traiga los planes y archivos firmados mientras haya conexión.',
  'step-offline': 'Dejar la red',
  'stepText-offline': 'Active el modo sin conexión. Desde aquí nada necesita el servidor.',
  'step-safe-state': 'Asegurar la máquina',
  'stepText-safe-state':
    'Empiece la actualización[ de {device}]. Espera, porque la pluma está arriba. Baje la pluma más abajo.',
  'step-update': 'Actualizar',
  'stepText-update':
    'Mire cómo escribe, deslice para reiniciar, confirme que la zona está libre y vea qué se lee del equipo.',
  'step-online': 'Volver',
  'stepText-online': 'Desactive otra vez el modo sin conexión.',
  'step-audit': 'Subir el registro',
  'stepText-audit': 'Sincronice. El registro sellado va al servidor, que firma un recibo.',

  fault: 'Qué le pasa',
  'fault-none': 'todo bien',
  'fault-power-loss': 'se va la corriente al escribir',
  'fault-drop-frames': 'cable malo',
  'fault-lie-about-version': 'dice una versión falsa',
  'fault-broken-application': 'su aplicación está dañada',
  'fault-refuse-image': 'rechaza la imagen',
  'fault-stall': 'deja de responder',
  'fault-boom-up': 'la pluma está arriba',
}
