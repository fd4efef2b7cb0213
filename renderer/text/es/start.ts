import type { Catalogue } from '../words-of.ts'

export const start: Catalogue['start'] = {
  title: 'Bienvenido a Slipway',
  titleSignIn: '¿Quién trabaja aquí?',
  lead: 'Unos pocos pasos, una sola vez. El editor le da una dirección; este portátil le da una solicitud para él.',
  leadSignIn: 'Inicie sesión para actualizar. Mirar no necesita sesión.',
  signedInAs: '{name} tiene la sesión. Aquí puede seguir otra persona.',
  skip: 'Mirar sin iniciar sesión',
  done: 'hecho',

  trustTitle: 'Traer la confianza',
  trustWhy: 'Slipway solo cree lo que ha firmado su editor. Escriba la dirección del servidor y compare su huella.',
  trustDone: 'Esta consola confía en {url}.',
  address: 'Dirección del servidor o carpeta de un paquete',
  addressHelp:
    'El editor le dice la dirección, por ejemplo https://updates.example.com/slipway. Un paquete es una carpeta, por ejemplo /media/stick o E:\\.',
  fromPack: 'Del paquete en {folder}; nada en él vale antes de comparar su huella.',
  look: 'Mostrar la huella',
  fingerprint: 'Huella de la raíz',
  compare:
    'Compárela, grupo por grupo, con lo que el editor le dijo por otro camino: en papel, por teléfono, en persona.',
  rootFacts: 'Raíz versión {version}, válida hasta {until:day}, firmada por {threshold} de {keys} claves.',
  matches: 'Coincide. Confiar en este editor',
  differs: 'No coincide',
  differsTitle: 'No confíe en este servidor',
  differsWhy: 'Pida al editor la dirección correcta. No se guardó nada.',
  otherAddress: 'Escribir otra dirección',

  whoTitle: 'Quién es usted',
  whoWhy: 'Su nombre y una frase de paso hacen una clave en este portátil. El editor deja entrar a esa clave.',
  name: 'Su nombre',
  nameHelp: 'Como le conocen sus compañeros. Aparece en cada registro.',
  passphrase: 'Frase de paso',
  passphraseHelp:
    'Al menos 12 caracteres; mejor cuatro palabras que no tengan que ver entre sí. Nadie puede restablecerla.',
  repeat: 'Repita la frase de paso',
  repeatDiffers: 'Las dos son distintas.',
  enrol: 'Hacer mi clave',
  requestTitle: 'Su solicitud',
  requestWhy:
    'Entregue esto al editor: que escanee el código, copie el texto o lléveselo como archivo. Cuando le hayan aceptado, sincronice.',
  requestQr: 'Solicitud de {name} como código QR',
  requestText: 'Solicitud como texto',
  copyRequest: 'Copiar el texto',
  saveRequest: 'Guardar como archivo',
  signInTitle: 'Iniciar sesión',
  signIn: 'Iniciar sesión',
  whoSigns: 'Quién inicia sesión',
  somebodyNew: 'Inscribir a alguien nuevo',
  backToSignIn: 'Volver a iniciar sesión',

  syncTitle: 'Sincronizar',
  syncWhy: 'Traiga las listas firmadas y los archivos que necesita su viaje.',
  toSync: 'Ir a Sincronizar',
  siteTitle: 'Elegir el lugar',
  siteWhy: '¿Dónde está? El lugar decide qué equipos se esperan.',
  toSite: 'Elegir el lugar',

  demoTitle: 'Probar la demostración',
  demoWhy: 'Equipos simulados y un servidor propio, para aprender. Cierre Slipway e inícielo con:',
  demoCommand: 'npm start -- --demo',
  goOn: 'Ir al lugar',
}
