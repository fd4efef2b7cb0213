import type { PeopleErrors } from '../error-codes.ts'

export const peopleErrors: PeopleErrors = {
  'audit.no-recipients': [
    'Todavía no está dicho quién puede leer el registro, así que su detalle no se puede sellar.',
    'Traiga la confianza y sincronice: la política firmada lo dice.',
  ],
  'audit.chain-broken': [
    'El registro de este portátil se cambió o se dañó[ en la entrada {seq}].',
    'No borre nada. Suba el registro y avise a quienes lo leen.',
  ],
  'audit.bad-head': [
    'El final firmado del registro no encaja con el registro[ (entrada {seq})].',
    'No borre nada. Avise a quienes leen el registro.',
  ],
  'audit.bad-receipt': [
    'El recibo del registro subido no es válido. Las entradas se quedan en este portátil.',
    'Súbalo otra vez. Si sigue igual, avise a quienes llevan el servidor.',
  ],
  'audit.bad-segment': [
    'La parte subida del registro no se puede leer.',
    'Súbala otra vez. Si sigue igual, avise a quienes llevan el servidor.',
  ],
  'audit.gap': [
    'Faltan entradas entre lo que tiene el servidor y lo que se envió[: se esperaba {expected}, llegó {found}].',
    'Avise a quienes llevan el servidor. Aquí no se borró nada.',
  ],
  'audit.fork': [
    'El servidor tiene otra historia de esta consola. Puede haber una copia suya en uso.',
    'No siga trabajando con este portátil hasta que quienes llevan el servidor lo hayan aclarado.',
  ],
  'audit.unknown-console': [
    'El servidor no conoce esta consola.',
    'Entregue su solicitud al editor y sincronice cuando esté aceptada.',
  ],
  'audit.refused': [
    'El servidor rechazó el registro.',
    'Las entradas se quedan aquí. Avise a quienes llevan el servidor.',
  ],
  'audit.truncated': [
    'Falta el final del registro[: debería llegar a la entrada {expected} y acaba en la {found}].',
    'No borre nada. Avise a quienes leen el registro.',
  ],
  'audit.upload-overdue': [
    'Hace mucho que no se sube el registro[: {entries|# entrada espera|# entradas esperan}, la más antigua desde el {since:day}].',
    'Conéctese al servidor y sincronice, o ponga el registro en una memoria para una consola con conexión.',
  ],
  'audit.bad-waybill': [
    'Los papeles de un registro de la memoria no corresponden con él[ ({console})]. No se tomó.',
    'Avise a quien trajo la memoria. El registro sigue en el portátil del que viene.',
  ],
  'audit.carried-full': [
    'Los registros de otras consolas ocupan todo el sitio que pueden[: {used:bytes} de {limit:bytes}]. El resto se quedó en la memoria.',
    'Sincronice para que se envíen y tome la memoria otra vez.',
  ],
  'audit.carried-overdue': [
    'Hay registros de otras consolas que esperan aquí hace mucho[: {entries|# entrada|# entradas}, la más antigua desde el {since:day}].',
    'Conéctese al servidor y sincronice para que se envíen.',
  ],

  'people.not-signed-in': ['Nadie ha iniciado sesión.', 'Inicie sesión e inténtelo de nuevo.'],
  'people.unknown-operator': [
    'Este portátil no conoce a esa persona[: {operator}].',
    'Inscríbase primero en este portátil.',
  ],
  'people.wrong-passphrase': [
    'La frase de paso no es correcta.',
    'Escríbala otra vez. Mire las mayúsculas y el idioma del teclado.',
  ],
  'people.weak-passphrase': [
    'La frase de paso es demasiado fácil de adivinar.',
    'Use una más larga[, de al menos {min|# carácter|# caracteres}], mejor cuatro palabras que no tengan que ver entre sí.',
  ],
  'people.too-many-attempts': [
    'Demasiadas frases de paso erróneas.',
    'Espere [{waitMs:duration} ]e inténtelo de nuevo.',
  ],
  'people.not-enrolled': [
    'El editor todavía no le ha aceptado en esta consola.',
    'Entregue su solicitud. Cuando esté aceptada, sincronice.',
  ],
  'people.lease-ended': [
    'Su permiso terminó[ el {until:datetime}]. Puede seguir mirando y subiendo, pero no actualizar.',
    'Conéctese al servidor y sincronice. Si sigue igual, pida al editor que lo renueve.',
  ],
  'people.lease-ends-soon': [
    'Su permiso termina pronto[: {until:datetime}].',
    'Sincronice antes. Si sigue igual, pida al editor que lo renueve.',
  ],
  'people.role-missing': [
    'Usted no tiene el papel que esto necesita[: {needed}].',
    'Pídaselo a alguien que lo tenga o pregunte al editor.',
  ],
  'people.site-not-allowed': [
    'Su permiso no vale para este lugar[: {site}].',
    'Pídaselo a alguien que pueda trabajar aquí o pregunte al editor.',
  ],
  'people.type-not-allowed': [
    'Su permiso no vale para este tipo de equipo[: {type}].',
    'Pídaselo a alguien que pueda mantenerlo o pregunte al editor.',
  ],
  'people.second-person-needed': [
    'Esto necesita una segunda persona.',
    'Pida a alguien inscrito en este portátil que lo confirme con su propia frase de paso.',
  ],
  'people.same-person-twice': [
    'La segunda persona tiene que ser otra.',
    'Pida a alguien que lo confirme con su propia frase de paso.',
  ],
  'people.name-taken': [
    'Aquí ya hay alguien inscrito con ese nombre[: {name}].',
    'Inicie sesión o añada al nombre algo que los distinga.',
  ],
}
