import type { DeviceErrors } from '../error-codes.ts'

export const deviceErrors: DeviceErrors = {
  'link.not-found': [
    'No hay nada en ese puerto o dirección[: {address}].',
    'Compruebe el cable y la dirección e inténtelo de nuevo.',
  ],
  'link.busy': [
    'Otro programa usa el puerto[: {address}].',
    'Cierre los programas de terminal y otras herramientas que lo usen e inténtelo de nuevo.',
  ],
  'link.no-permission': [
    'Esta cuenta no puede usar el puerto[: {address}].',
    'En Linux, añada la cuenta al grupo dueño del puerto (a menudo dialout) y vuelva a entrar.',
  ],
  'link.lost': [
    'Se perdió la conexión con el equipo[ ({address})].',
    'Compruebe el cable. Slipway sigue solo cuando el equipo vuelve.',
  ],
  'link.refused': [
    'El equipo rechazó la conexión[ ({address})].',
    'Compruebe que el servicio está en marcha en el equipo y que la dirección es correcta.',
  ],
  'link.timeout': [
    'El equipo no respondió a tiempo[ ({waitedMs:duration})][ en {address}].',
    'Compruebe que tiene corriente y que el cable está conectado, e inténtelo de nuevo.',
  ],
  'link.unsupported': [
    'Este portátil no puede usar esa clase de conexión[: {address}].',
    'Llegue al equipo por otro camino.',
  ],
  'link.bad-address': [
    'Eso no es una dirección[: {address}].',
    'Escríbala como serial:/dev/ttyUSB0, udp://10.0.0.7:1337, http://10.0.0.9:8080 o ssh://root@10.0.0.9.',
  ],
  'link.untrusted': [
    'El dispositivo no puede demostrar que es el correcto[ ({address})].',
    'No se le envió nada. Compruebe la dirección y la fecha de este portátil; el certificado puede haber caducado o haberse cambiado.',
  ],
  'link.host-key-changed': [
    'El equipo muestra otra clave de host que la firmada[: {seen} en lugar de {expected}].',
    'No se inició sesión. Puede ser otra máquina. Si sabe que el equipo se instaló de nuevo, pida al editor que firme la nueva clave y luego sincronice.',
  ],
  'link.host-key-unknown': [
    'Ningún documento firmado dice por qué clave de host se conoce este equipo[; muestra {seen}].',
    'No se inició sesión. Compárela con la del propio equipo, pida al editor que la añada a la lista del lugar y luego sincronice.',
  ],
  'link.not-searchable': [
    'Esa red no se explora[: {network}].',
    'Solo se exploran redes privadas de 1022 direcciones como máximo, como 192.168.1.0/24.',
  ],
  'link.io': [
    'Falló la lectura o la escritura en el puerto[ ({address})].',
    'Desconecte el cable, vuelva a conectarlo e inténtelo de nuevo.',
  ],

  'device.no-answer': [
    'El equipo no responde[ ({waitedMs:duration})].',
    'Compruebe que tiene corriente y que nada más habla con él, e inténtelo de nuevo.',
  ],
  'device.bad-frame': [
    'El equipo respondió con algo que no se entiende.',
    'Compruebe el cable y la velocidad del puerto e inténtelo de nuevo.',
  ],
  'device.refused': ['El equipo se negó.', 'Mire en el equipo qué se lo impide e inténtelo de nuevo.'],
  'device.busy': ['El equipo está ocupado.', 'Espere a que termine e inténtelo de nuevo.'],
  'device.unauthorised': [
    'El equipo pide usuario y contraseña[ ({address})].',
    'Guarde el usuario y la contraseña e inténtelo de nuevo.',
  ],
  'device.not-mine': ['En esa dirección responde otra cosa[: {address}].', 'Compruebe qué equipo está conectado ahí.'],
  'device.unknown': ['Aquí no se conoce ese equipo[: {device}].', 'Conéctelo o sincronice la lista del lugar.'],
  'device.no-profile': [
    'No hay un perfil firmado para este tipo de equipo[: {type}].',
    'Sincronice. Si sigue igual, pida el perfil al editor.',
  ],
  'device.identity-missing': [
    'El equipo no dice quién es.',
    'Compruebe que tiene un número de serie. Una actualización necesita saber con qué equipo trata.',
  ],
  'device.identity-changed': [
    'Responde otro equipo que el esperado[: {found} en vez de {expected}]. No se le hizo nada.',
    'Conecte el equipo correcto.',
  ],
  'device.duplicate': [
    'Dos equipos responden con la misma identidad[: {device}]. No se toca ninguno.',
    'Desconecte uno de los dos.',
  ],
  'device.gone': ['El equipo no está conectado[: {device}].', 'Conéctelo e inténtelo de nuevo.'],
  'device.no-slot': [
    'El equipo no tiene sitio para una segunda imagen[ de {component}] y no se puede actualizar así.',
    'Avise al editor del plan.',
  ],
  'device.pending-image': [
    'Ya hay otra imagen esperando en el equipo[: {version}]. La puso otra persona.',
    'Averigüe quién. Después reinicie el equipo para que funcione o bórrela.',
  ],
  'device.image-rejected': ['El equipo no acepta la imagen.', 'La versión antigua sigue funcionando. Avise al editor.'],
  'device.incompatible': [
    'La imagen no es para este hardware[: {found}, la imagen es para {expected}].',
    'La versión antigua sigue funcionando. Compruebe qué equipo es y avise al editor.',
  ],
  'device.signature-rejected': [
    'El equipo no acepta la firma de la imagen.',
    'La versión antigua sigue funcionando. Avise al editor: el equipo confía en otra clave.',
  ],
  'device.image-corrupt': [
    'La imagen llegó dañada al equipo.',
    'La versión antigua sigue funcionando. Compruebe el cable e inténtelo de nuevo.',
  ],
  'device.restart-timeout': [
    'El equipo no volvió tras el reinicio[ en {withinMs:duration}].',
    'Mire el equipo. Cuando funcione otra vez, pulse «Comprobar otra vez»: Slipway lee qué ejecuta.',
  ],
  'device.reverted': [
    'El equipo volvió solo a la versión antigua[: ejecuta {found}].',
    'La versión nueva no arrancó bien. Envíe el informe al editor antes de intentarlo otra vez.',
  ],
  'device.wrong-version': [
    'El equipo no ejecuta lo que se escribió[: {found} en vez de {expected}].',
    'No se fíe de él. Lea el equipo otra vez y envíe el informe al editor.',
  ],
  'device.no-confirm': ['Esta clase de equipo no puede confirmar una versión.', 'Avise al editor del plan.'],
  'device.in-recovery': [
    'El dispositivo está en su cargador de arranque y no ejecuta nada[: contiene {held}]. Lo que se escriba allí sustituye su única versión, sin vuelta atrás.',
    'Reinicie el dispositivo. Si vuelve así, ábralo en Lugar: un plan que lo recupere dice qué hacer.',
  ],
  'device.unclaimed': [
    'Solo responde el cargador de arranque del dispositivo, y ya nadie da fe de cuál es.',
    'Lea otra vez la placa: abra el cargador de arranque en Lugar y diga qué dispositivo es.',
  ],
  'device.no-loader': [
    'Allí ya no espera ningún cargador de arranque de este tipo[: {address}].',
    'Revise el cable y la alimentación, y vuelva a mirar.',
  ],
  'device.several-loaders': [
    'En varios sitios esperan cargadores de arranque que no se pueden distinguir[: {addresses}]. No se ha tocado ninguno.',
    'Deje conectado solo aquel cuya placa ha leído e inténtelo de nuevo.',
  ],
  'device.seen-elsewhere': [
    'Ese dispositivo responde en otro sitio[, en {address}]: no es el que espera aquí.',
    'Lea la placa una vez más. Si es correcta, averigüe quién más usa este número de serie.',
  ],
  'device.unknown-serial': [
    'Aquí no se conoce ningún dispositivo de este tipo con ese número de serie[: {serial}].',
    'Lea la placa una vez más, signo por signo. Si es correcta, sincronice la lista del lugar.',
  ],
  'device.readings-differ': [
    'Han leído números de serie distintos. El cargador de arranque no se ha asignado a ningún dispositivo.',
    'Lean otra vez la placa, cada uno por su cuenta.',
  ],
  'device.mistaken': [
    'El dispositivo que se escribió dice ahora que es otro[: {found} en lugar de {expected}]. Se leyó la placa de otro dispositivo.',
    'No use ninguno de los dos antes de que alguien los revise: uno ejecuta lo que era para el otro.',
  ],
  'device.no-rollback': [
    'Esta clase de equipo no puede volver a la versión antigua.',
    'Pida al editor un plan que instale la versión antigua.',
  ],
  'device.rollback-failed': [
    'El equipo no volvió a la versión antigua[: ejecuta {found}].',
    'No use la máquina hasta que alguien la haya revisado.',
  ],
  'device.no-space': [
    'El equipo tiene muy poco espacio libre para el archivo[: {free:bytes} de {needed:bytes}].',
    'No se cambió nada. Libere espacio en el equipo e inténtelo de nuevo.',
  ],
  'device.write-failed': [
    'Falló la escritura en el equipo[ a los {at:bytes}].',
    'Compruebe el cable y la corriente e inténtelo de nuevo.',
  ],
  'device.cancelled': [
    'El equipo interrumpió la transferencia[ a los {at:bytes}].',
    'Mire qué dice en su consola e inténtelo de nuevo.',
  ],
  'device.no-prompt': [
    'El equipo responde, pero no con un indicador que su perfil conozca.',
    'Puede que alguien use su consola o que todavía esté arrancando. Espere un momento e inténtelo de nuevo.',
  ],
  'device.unexpected-answer': [
    'El equipo respondió algo distinto de lo esperado[ a {command}][: {said}].',
    'Nada se dio por bueno. Envíe el informe al editor antes de intentarlo otra vez.',
  ],
  'device.not-restored': [
    'La actualización falló y el equipo no se pudo dejar como estaba.',
    'No use la máquina. Mire el equipo antes de hacer otra cosa con él.',
  ],
  'device.unconfirmed': [
    'La versión nueva funciona a prueba y no se confirmó. En el próximo reinicio el equipo vuelve a la antigua.',
    'Inicie el plan otra vez para comprobarla y confirmarla, o reinicie el equipo para volver.',
  ],
  'device.forward-failed': [
    'El dispositivo no pudo pasar la actualización a un dispositivo conectado detrás de él[: {said}].',
    'Compruebe que el dispositivo de detrás esté encendido y conectado, y ejecute el plan otra vez. Si lo rechaza de nuevo, avise al editor.',
  ],
  'device.script-failed': [
    'Un script del equipo dijo que no[ ({script})][: {said}].',
    'El equipo conserva la versión antigua o vuelve a ella por sí mismo. Elimine la causa que indica el script e inténtelo de nuevo.',
  ],
  'device.verify-key': [
    'El equipo no comprobaría quién firmó el artefacto, o lo haría con otra clave que la que indica el perfil firmado[ ({path})].',
    'No se instaló nada. Configure en el mender.conf del equipo la clave de verificación que indica el perfil e inténtelo de nuevo.',
  ],
  'device.verdict-missed': [
    'El equipo no dijo cómo terminó la actualización.',
    'Pulse «Comprobar otra vez»: Slipway lee qué ejecuta el equipo.',
  ],

  'trace.unreadable': [
    'Este archivo no es una grabación de un dispositivo o está dañado[ (línea {line})].',
    'Grabe de nuevo o pida el archivo original a quien lo envió.',
  ],
  'trace.unknown': [
    'No existe esa grabación en esta consola.',
    'Puede que se haya eliminado. Mire la lista de grabaciones.',
  ],
  'trace.recording': [
    'Este dispositivo ya se está grabando[ ({address})].',
    'Detenga la grabación en curso o espere a que se llene.',
  ],
  'trace.unwritable': [
    'Aquí no se puede escribir ninguna grabación[: {path}].',
    'Libere espacio en el disco de este portátil o pregunte a quien lo mantiene.',
  ],

  'reading.missing': [
    'Falta un valor que el plan necesita[: {title}].',
    'Compruebe el sensor y su cable. Slipway lo vuelve a leer solo.',
  ],
  'reading.stale': [
    'Un valor es demasiado viejo[: {title}][, leído hace {ageMs:duration}][, como mucho {maxAgeMs:duration}].',
    'Compruebe la conexión con el equipo. Slipway lo vuelve a leer solo.',
  ],
  'reading.unreadable': [
    'Un valor no se entiende[: {title}][; el equipo dice «{raw}»].',
    'Compruebe el sensor. Si el equipo tiene razón, avise al editor de su perfil.',
  ],
  'reading.out-of-range': [
    'Un valor está fuera de lo que el sensor puede medir[: {title}][; el equipo dice «{raw}»].',
    'Compruebe el sensor: puede estar roto o desconectado.',
  ],
  'reading.unknown-signal': [
    'El plan pide un valor que este equipo no tiene[: {signal}].',
    'Avise al editor del plan.',
  ],
  'condition.false': [
    'Una condición del plan no se cumple[: {title}][. {signalTitle}: {value}][ {unit}][, leído hace {ageMs:duration}].',
    'Haga que se cumpla. Slipway lo vuelve a leer solo.',
  ],
  'condition.error': [
    'Una condición del plan no se puede calcular[: {title}]. Cuenta como no cumplida.',
    'Avise al editor del plan.',
  ],
  'condition.not-boolean': [
    'Una condición del plan no es ni verdadera ni falsa[: {title}]. Cuenta como no cumplida.',
    'Avise al editor del plan.',
  ],
  'condition.not-attested': ['Nadie lo ha confirmado todavía[: {title}].', 'Compruébelo usted y confírmelo después.'],
  'condition.changed-while-writing': [
    'La máquina dejó su estado seguro mientras se escribía[: {title}]. La escritura se detuvo.',
    'Devuélvala al estado seguro. Entonces Slipway sigue.',
  ],
  'check.failed': [
    'Una comprobación de la versión nueva no se cumplió[: {title}][ en {withinMs:duration}].',
    'El plan dice qué pasa ahora. Envíe el informe al editor.',
  ],
}
