import type { RunErrors } from '../error-codes.ts'

export const runErrors: RunErrors = {
  'plan.unknown': ['Ese plan no está a bordo[: {plan}].', 'Sincronice.'],
  'plan.invalid': ['El plan se contradice. No se puede ejecutar.', 'Avise al editor.'],
  'plan.not-yet': ['El plan aún no es válido[; empieza el {notBefore:datetime}].', 'Espere hasta entonces.'],
  'plan.expired': [
    'El plan ha terminado[ el {expires:datetime}].',
    'Sincronice. Si sigue igual, pida al editor un plan nuevo.',
  ],
  'plan.outside-window': [
    'Está fuera de las horas en que el plan puede ejecutarse[: de {from} a {to}, {zone}].',
    'Inícielo dentro de esas horas.',
  ],
  'plan.wrong-site': ['El plan no es para este lugar[: {site}].', 'Elija el lugar correcto u otro plan.'],
  'plan.wrong-type': ['El plan no es para este tipo de equipo[: {type}].', 'Elija otro plan.'],
  'plan.wrong-serial': [
    'El plan nombra ciertos números de serie y este equipo no está entre ellos[: {serial}].',
    'Elija otro plan.',
  ],
  'plan.wrong-version': [
    'El plan no parte de la versión que funciona[: {component} {found}, el plan quiere {wanted}].',
    'Elija un plan para esta versión o avise al editor.',
  ],
  'plan.version-unknown': [
    'El equipo está en su cargador de arranque y no puede decir qué versión tenía[: el plan parte de {component} {wanted}].',
    'Arranque su aplicación o pida al editor un plan pensado para recuperar un equipo así.',
  ],
  'plan.only-recovery': [
    'El plan solo recupera dispositivos de los que no queda más que el cargador de arranque.',
    'Use otro plan: la aplicación de este dispositivo funciona.',
  ],
  'plan.other-claim': [
    'La placa de este dispositivo se leyó para otro plan[: {plan}].',
    'Ejecute ese plan, o retire la asignación y lea la placa para este.',
  ],
  'plan.no-claims': [
    'El plan no deja que nadie diga a qué dispositivo pertenece un cargador de arranque.',
    'Pida al editor un plan que lo permita. Hasta entonces aquí no se escribe nada.',
  ],
  'plan.not-needed': ['El equipo ya ejecuta lo que instala el plan.', 'No hay nada que hacer.'],
  'plan.order': ['Otros equipos van primero[: {first}].', 'Actualice esos primero.'],
  'plan.batch-stopped': [
    'La serie se detuvo porque fallaron demasiados equipos[: {failures} de {limit} como mucho].',
    'Mire qué falló antes de empezarla otra vez.',
  ],

  'run.unknown': ['Esa ejecución no existe[: {run}].', 'Mire en la lista de ejecuciones.'],
  'run.device-busy': ['Otra ejecución trabaja en este equipo.', 'Espere a que termine o deténgala primero.'],
  'run.already-active': ['Esta ejecución ya está en marcha.', 'Ábrala para ver por dónde va.'],
  'run.not-waiting': ['La ejecución no espera ahora ninguna respuesta.', 'Mire la ejecución: puede que haya seguido.'],
  'run.wrong-answer': ['La ejecución ya pregunta otra cosa.', 'Lea la pregunta nueva y respóndala.'],
  'run.console-battery': [
    'La batería de este portátil está demasiado baja[: {battery} %, el plan quiere {needed} %].',
    'Conecte el cargador e inténtelo de nuevo.',
  ],
  'run.took-too-long': [
    'La ejecución tardó más de lo que permite el plan[: {limitMs:duration}].',
    'Mire el equipo y la conexión antes de empezar otra vez.',
  ],
  'run.interrupted': [
    'La consola se detuvo en medio de esta ejecución.',
    'Slipway pregunta al equipo qué pasó y sigue desde ahí.',
  ],
  'run.not-safe-to-stop': [
    'En este punto no puede detenerse sin riesgo para el equipo.',
    'Se detiene sola en el próximo punto seguro.',
  ],
  'run.override-not-allowed': ['El plan no permite pasar por alto esta condición.', 'Haga que se cumpla en su lugar.'],
  'run.not-final': ['La ejecución no ha terminado todavía.', 'Espere a que termine.'],
  'run.needs-person': ['Una ejecución espera a una persona[: {device}].', 'Abra la ejecución y responda.'],
  'run.ended-unknown': [
    'No se sabe qué ejecuta un equipo[: {device}].',
    'Abra la ejecución, mire el equipo y pulse «Comprobar otra vez».',
  ],

  'depot.not-a-depot': ['En esa carpeta no hay ningún depósito[: {path}].', 'Cree uno con «slipway depot init».'],
  'depot.exists': ['En esa carpeta ya hay un depósito[: {path}].', 'Elija otra carpeta.'],
  'depot.unknown-key': ['El depósito no tiene esa clave[: {key}].', 'Vea las claves con «slipway depot keys».'],
  'depot.missing-keys': [
    'Aquí hay muy pocas claves para firmar[ {role}][: {found} de {needed}].',
    'Traiga las claves que faltan y firme otra vez.',
  ],
  'depot.lint': ['El documento no funcionaría en una consola[: {path}][ ({why})].', 'Corríjalo y publique otra vez.'],
  'depot.not-published': ['Está añadido, pero aún no publicado[: {path}].', 'Publique el depósito.'],
  'depot.duplicate': ['Ya está ahí[: {path}].', 'Use otro nombre u otra versión.'],
  'depot.nothing-to-sign': ['Las claves de este equipo pueden firmarlo todo.', 'Publique el depósito.'],
  'depot.ceremony-other': [
    'El archivo no trata de lo que el depósito quiere firmar[: {role}].',
    'Expórtelo de nuevo, compare los códigos y firme el archivo nuevo.',
  ],
  'depot.ceremony-document': [
    'Un documento del archivo no es el que se firmaría[: {path}].',
    'No firme. Pida al editor un archivo nuevo y averigüe cómo ha ocurrido.',
  ],
  'site.unknown': ['Ese lugar no está a bordo[: {site}].', 'Sincronice o elija otro lugar.'],
  'plan.none-fits': [
    'El dispositivo no ejecuta lo que este lugar quiere, y ningún plan a bordo lleva hasta ahí.',
    'Sincronice. Si eso no trae ningún plan, pida uno al editor.',
  ],
}
