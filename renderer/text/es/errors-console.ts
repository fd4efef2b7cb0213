import type { ConsoleErrors } from '../error-codes.ts'

export const consoleErrors: ConsoleErrors = {
  'rpc.bad-frame': [
    'La consola recibió un mensaje que no puede leer.',
    'Cierre esta ventana y vuelva a iniciar Slipway. Si ocurre otra vez, avise a soporte.',
  ],
  'rpc.bad-input': [
    'Eso no se pudo aceptar[ (campo {at})].',
    'Corríjalo e inténtelo de nuevo. Si nada en la pantalla está mal, avise a soporte.',
  ],
  'rpc.bad-output': [
    'La consola produjo una respuesta sin sentido; no se muestra.',
    'Diga a soporte el código de abajo. Con esto no se cambió nada en ningún equipo.',
  ],
  'rpc.unknown-method': [
    'Esta parte del programa no conoce esa petición.',
    'Cierre esta ventana y vuelva a iniciar Slipway, para que ambas partes tengan la misma versión.',
  ],
  'rpc.version-mismatch': [
    'Esta ventana y el motor que hay detrás tienen versiones distintas[ ({client} y {host})].',
    'Cierre esta ventana y vuelva a iniciar Slipway.',
  ],
  'rpc.too-large': [
    'Era demasiado de una vez[ ({length} caracteres)].',
    'Pida menos. Si no hizo nada fuera de lo normal, avise a soporte.',
  ],
  'rpc.too-many-streams': [
    'Hay demasiadas cosas abiertas a la vez en esta ventana.',
    'Cierre algunas pantallas e inténtelo de nuevo.',
  ],
  'rpc.closed': [
    'Se perdió la conexión entre esta ventana y el motor. Las actualizaciones en marcha siguen sin ella.',
    'Espere un momento: la ventana se vuelve a conectar sola. Si no lo hace, vuelva a iniciar Slipway.',
  ],
  'rpc.unauthorised': [
    'El motor no dejó entrar a esta ventana, porque su clave ya no vale.',
    'Cierre esta ventana y vuelva a iniciar Slipway.',
  ],
  internal: [
    'Dentro de Slipway ocurrió algo que nadie había previsto.',
    'Inténtelo otra vez. Si vuelve a ocurrir, avise a soporte[ con el número de registro {log}].',
  ],
  cancelled: ['Se detuvo antes de terminar.', 'Vuelva a empezarlo cuando quiera.'],
  timeout: ['Tardó demasiado[ (más de {afterMs:duration})] y se abandonó.', 'Inténtelo de nuevo.'],

  'host.already-running': [
    'Slipway ya está en marcha con esta carpeta de datos[ (proceso {pid})].',
    'Use la ventana abierta o ciérrela primero.',
  ],
  'host.unavailable': [
    'El motor de Slipway no está en marcha.',
    'Vuelva a iniciar Slipway. Las actualizaciones que estaban en marcha siguen donde se quedaron.',
  ],
  'host.no-keystore': [
    'No se pudieron abrir las claves de este portátil, porque su almacén de claves no responde.',
    'Entre en el sistema operativo como la persona que instaló Slipway y desbloquee el almacén de claves.',
  ],
  'host.crypto-broken': [
    'La criptografía de este portátil da resultados erróneos[: {wrong}]. Slipway no arranca con ella.',
    'Instale Slipway de nuevo. Si sigue igual, use otro portátil y avise a soporte.',
  ],
  'host.no-dictionaries': [
    'El programa no puede abrir aquí los cambios de archivos anteriores. Los archivos llegan enteros y cuestan más.',
    'Lo que hay a bordo está bien. Instale Slipway de nuevo o avise al soporte.',
  ],
  'file.not-found': ['El archivo no está[: {path}].', 'Compruebe el nombre y la carpeta e inténtelo de nuevo.'],
  'file.unreadable': [
    'El archivo no se puede leer o escribir[: {path}].',
    'Compruebe que la memoria está conectada y que puede usar esa carpeta.',
  ],
  'file.too-large': [
    'El archivo es demasiado grande[: {bytes:bytes}, como mucho {limit:bytes}].',
    'Elija un archivo más pequeño.',
  ],
  'disk.full': [
    'El disco de este portátil está lleno[: {free:bytes} libres, {needed:bytes} necesarios].',
    'Libere espacio e inténtelo de nuevo. Nada de lo guardado se ha perdido.',
  ],

  'store.from-the-future': [
    'Los datos de este portátil los escribió un Slipway más nuevo[ (formato {found}, este conoce {known})].',
    'Instale otra vez la versión más nueva. Los datos no se han tocado.',
  ],
  'store.corrupt': [
    'La base de datos de este portátil está dañada.',
    'No borre nada. Avise a soporte: lo que no se subió quizá se pueda salvar.',
  ],
  'store.read-only': [
    'No se puede escribir en la carpeta de datos. Nada puede quedar registrado, así que nada debe cambiarse.',
    'Permita que su cuenta escriba en la carpeta y vuelva a iniciar Slipway.',
  ],
  'store.locked': ['La base de datos está ocupada.', 'Inténtelo de nuevo en unos segundos.'],
  'store.migration-failed': [
    'Los datos de este portátil no se pudieron llevar a esta versión[ (paso {version})]. Se guardó una copia de antes.',
    'Instale otra vez la versión anterior y avise a soporte.',
  ],

  'alert.unknown': ['Ese aviso ya no está en la lista.', 'Mire la lista como está ahora.'],
}
