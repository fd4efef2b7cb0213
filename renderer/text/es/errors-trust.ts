import type { TrustErrors } from '../error-codes.ts'

export const trustErrors: TrustErrors = {
  'trust.none': [
    'Esta consola todavía no confía en ningún editor.',
    'Traiga primero la confianza: escriba la dirección de su servidor y compare la huella.',
  ],
  'trust.bad-json': [
    'Una lista firmada del servidor está mal formada[ ({role})].',
    'Sincronice otra vez. Si sigue igual, avise al editor: no se usó nada de ella.',
  ],
  'trust.bad-metadata': [
    'Una lista firmada del servidor incumple las reglas de esas listas[ ({role})].',
    'Avise al editor. Lo que esta consola tenía antes sigue en vigor.',
  ],
  'trust.bad-signature': [
    'Una firma no encaja[ ({role})]. Los datos se cambiaron por el camino o los firmó otra persona.',
    'No siga con esta fuente. Avise al editor. Lo que tenía antes sigue en vigor.',
  ],
  'trust.threshold': [
    'Hay muy pocas firmas válidas[ en {role}][: {found} de {needed}][: {have} de {need}].',
    'Avise al editor. Lo que esta consola tenía antes sigue en vigor.',
  ],
  'trust.unknown-key': [
    'Algo está firmado con una clave por la que nadie responde[ ({role})].',
    'Avise al editor. Lo que esta consola tenía antes sigue en vigor.',
  ],
  'trust.expired': [
    'Lo que firmó el editor ya no es válido[ ({role}, hasta {expires:datetime})].',
    'Conéctese al servidor y sincronice. Si sigue igual, el editor tiene que firmar de nuevo.',
  ],
  'trust.rollback': [
    'El servidor ofreció algo más antiguo que lo que esta consola ya tiene[ ({role}: {found} tras {known})][ ({role}: {found} tras {held})].',
    'No siga con esta fuente. Avise al editor: puede ser un ataque o una copia vieja.',
  ],
  'trust.mix-and-match': [
    'Las listas del servidor no van juntas[ ({role})].',
    'Sincronice otra vez en unos minutos. Si sigue igual, avise al editor.',
  ],
  'trust.hash-mismatch': [
    'Un archivo no es el que se firmó[: {target}].',
    'Sincronice otra vez: se trae de nuevo. Si sigue igual, avise al editor.',
  ],
  'trust.length-mismatch': [
    'Un archivo no tiene la longitud firmada[: {target}].',
    'Sincronice otra vez: se trae de nuevo. Si sigue igual, avise al editor.',
  ],
  'trust.too-large': [
    'El servidor envió más de lo que puede[ para {role}][, más de {limit:bytes}].',
    'Compruebe la dirección del servidor. Si es correcta, avise al editor.',
  ],
  'trust.too-many-roots': [
    'Esta consola se perdió más cambios de las claves raíz de los que puede seguir de una vez[ ({limit})].',
    'Avise al editor: hay que establecer la confianza de nuevo.',
  ],
  'trust.too-many-delegations': ['El editor dividió sus listas en demasiadas partes.', 'Avise al editor.'],
  'trust.unknown-target': [
    'Las listas firmadas no nombran este archivo[: {target}].',
    'Sincronice. Si sigue igual, el editor no lo ha publicado.',
  ],
  'trust.fingerprint-mismatch': [
    'La huella no es la que usted confirmó. Puede que alguien esté entre usted y el servidor.',
    'No confíe en este servidor. Pida la huella al editor por otro camino y compare de nuevo.',
  ],
  'trust.already-adopted': [
    'Esta consola ya confía en un editor[: {url}].',
    'Para cambiar de editor, prepare la consola de nuevo. Para cambiar de dirección, use la huella en la que confía.',
  ],
  'trust.cache-corrupt': [
    'Lo que esta consola guardó sobre la confianza está dañado; no se usa nada de ello.',
    'Conéctese al servidor y sincronice.',
  ],
  'trust.offline-too-long': [
    'Esta consola lleva demasiado tiempo sin conexión[: {days|# día|# días} desde lo último firmado, {limit} permitidos].',
    'Conéctese al servidor y sincronice. Bastan unos kilobytes.',
  ],
  'trust.clock-behind': [
    'El reloj de este portátil va por detrás de lo firmado[, {byMs:duration}]. Slipway usa la hora firmada en su lugar.',
    'Ponga en hora el portátil. Mientras tanto el trabajo sigue.',
  ],
  'trust.clock-set-back': [
    'El reloj de este portátil muestra una fecha anterior a la de antes[, {byMs:duration}]. Slipway cuenta con la posterior.',
    'Ponga en hora el portátil. Si alguna vez se adelantó por error, la próxima sincronización lo arregla.',
  ],
  'trust.unsupported-spec': [
    'El servidor usa un formato más nuevo que los que conoce esta consola[ ({version})].',
    'Instale el Slipway más reciente.',
  ],
  'trust.renew-soon': [
    'La confianza termina pronto[: {until:datetime}].',
    'Conéctese al servidor y sincronice antes. Bastan unos kilobytes.',
  ],
  'document.invalid': ['Un documento firmado no tiene sentido[: {path}].', 'Avise al editor. El documento no se usa.'],
  'document.unknown-format': [
    'Un documento firmado tiene un formato que esta consola no conoce[: {path}][ ({format})].',
    'Instale el Slipway más reciente.',
  ],
  'document.wrong-id': [
    'Un documento firmado se llama a sí mismo de otra forma que su lugar[: {path}].',
    'Avise al editor. El documento no se usa.',
  ],

  'sync.offline': [
    'La consola está puesta sin conexión, así que no se trajo nada.',
    'Desactive el modo sin conexión cuando quiera conectarse.',
  ],
  'sync.unreachable': [
    'El servidor no responde[: {host}].',
    'Compruebe la red y la dirección e inténtelo de nuevo. Lo que está a bordo se puede seguir usando.',
  ],
  'sync.http': [
    'El servidor lo rechazó[: estado {status}][ en {path}].',
    'Inténtelo más tarde. Si sigue igual, avise a quienes llevan el servidor.',
  ],
  'sync.not-found': [
    'El servidor no tiene un archivo que debería tener[: {path}].',
    'Inténtelo de nuevo en unos minutos. Si sigue igual, avise al editor.',
  ],
  'sync.stalled': [
    'La transferencia se quedó parada[ {afterMs:duration}] y se detuvo. Lo que llegó se conserva.',
    'Inténtelo de nuevo: sigue donde se quedó.',
  ],
  'sync.bad-certificate': [
    'El certificado o la clave no sirven[: {why}].',
    'Pida a quienes llevan el servidor un certificado en formato PEM, con su clave sin frase de paso.',
  ],
  'sync.tls-untrusted': [
    'Esta consola no da por bueno el certificado del servidor[: {host}][ ({reason})].',
    'Compruebe la fecha de este portátil. Si el servidor tiene su propia autoridad, añádala en Ajustes, Confianza y sitio.',
  ],
  'sync.tls-refused': [
    'El servidor no dejó entrar a esta consola[: {host}].',
    'Quiere un certificado, u otro. Añádalo en Ajustes, Confianza y sitio.',
  ],
  'sync.proxy': [
    'El proxy del camino al servidor se negó[: {host}].',
    'Pregunte quién lleva la red aquí. Slipway toma el proxy del entorno.',
  ],
  'sync.range-ignored': [
    'El servidor no puede continuar una transferencia cortada; hay que traer el archivo desde el principio[: {path}].',
    'Inténtelo con una conexión mejor o avise a quienes llevan el servidor.',
  ],
  'sync.changed-on-server': [
    'El archivo cambió en el servidor mientras se traía[: {path}].',
    'Sincronice otra vez: empieza de nuevo con el archivo actual.',
  ],
  'sync.bad-delta': [
    'Las diferencias guardadas respecto a una versión anterior no encajan[: {why}].',
    'Sincronice otra vez: el archivo se traerá de otra manera. Si sigue igual, avise al editor.',
  ],
  'sync.busy': ['Ya hay una sincronización en marcha.', 'Espere a que termine o deténgala primero.'],
  'sync.no-server': [
    'No hay ningún servidor configurado.',
    'Traiga primero la confianza: escriba la dirección de su servidor.',
  ],
  'sync.bad-url': [
    'Esa no es una dirección que pueda tener un servidor[: {url}].',
    'Escríbala completa, como https://updates.example.com.',
  ],
  'sync.not-a-repository': [
    'En esa dirección no hay ningún repositorio de actualizaciones[: {url}].',
    'Compruebe la dirección con el editor.',
  ],
  'sync.over-budget': [
    'El resto no cabe en su presupuesto de datos[: faltan {needed:bytes}, permitidos {budget:bytes}].',
    'Aumente el presupuesto o sincronice el resto con una conexión más barata.',
  ],
  'sync.outside-window': [
    'Los archivos solo se traen a las horas fijadas[, de {from} a {to}].',
    'Continúa por sí solo[ el {opensAt:datetime}]. Para traer ahora, diga durante cuánto tiempo.',
  ],
  'sync.time-over': [
    'Se acabó el tiempo de esta sincronización. Lo que ha llegado se queda.',
    'Empiece de nuevo cuando quiera: continúa donde terminó.',
  ],
  'sync.metered': [
    'Esta conexión se paga por datos[: esperan {needed:bytes} más]. Por ella solo llega lo urgente[, hasta {allowed:bytes}].',
    'Continúa por sí solo en otra conexión. O diga que esta no se paga por datos.',
  ],
  'sync.paused': ['La descarga está en pausa[, por {by}][, desde el {since:datetime}].', 'Pulse Continuar.'],

  'source.unknown': ['Aquí no hay tal fuente[: {source}].', 'Mire la lista de fuentes.'],
  'source.exists': [
    'Ya hay una fuente con ese nombre o ese editor[: {source}].',
    'Elija otro nombre o quite antes la otra. Su propio editor no es una fuente.',
  ],
  'source.too-many': ['Ya hay demasiadas fuentes[: {limit}].', 'Quite una que ya no haga falta.'],
  'source.bad-path': [
    'El archivo tiene un nombre que sale de su carpeta[: {target}]. No se ha traído.',
    'Avise al editor de ese repositorio. Aquí no ha cambiado nada.',
  ],
  'source.reserved-path': [
    'Solo su propio editor puede llamar así a los archivos[: {target}]. No se ha traído.',
    'Un repositorio así da archivos y nada más: los planes y los permisos vienen de su propio editor.',
  ],
  'source.outside-filter': [
    'El archivo no está entre aquellos para los que se añadió esta fuente[: {target}].',
    'Si hace falta, quite la fuente y añádala de nuevo con más rutas.',
  ],

  'pack.not-found': [
    'En esa carpeta no hay ningún paquete[: {folder}].',
    'Elija la memoria o la carpeta donde está el paquete, escrita por completo.',
  ],
  'pack.bad-file': [
    'Algo en el paquete no es un archivo ni una carpeta corrientes[: {file}]. No se tocó.',
    'No use esta memoria. Pida que se haga el paquete de nuevo en una limpia.',
  ],
  'pack.older': [
    'El paquete es más antiguo que lo que tiene esta consola[: es del {found:datetime}, esta consola tiene {held:datetime}].',
    'No se cambió nada. Pida un paquete más nuevo o sincronice.',
  ],
  'pack.unreadable': [
    'El paquete no se puede leer[: {file}][ ({reason})].',
    'Compruebe que la memoria está conectada y tome el paquete otra vez: sigue donde estaba.',
  ],
  'pack.unwritable': [
    'El paquete no se puede escribir[: {file}][ ({reason})].',
    'Compruebe que la memoria está conectada y sin protección de escritura, y haga el paquete otra vez: sigue donde estaba.',
  ],
  'pack.full': [
    'No hay sitio para el paquete[, hay {free:bytes} libres y hacen falta {needed:bytes}].',
    'Use una memoria mayor o elija menos planes.',
  ],

  'artifact.missing': [
    'El archivo que hay que instalar no está a bordo[: {target}].',
    'Sincronice mientras haya conexión.',
  ],
  'artifact.corrupt': [
    'El archivo que hay que instalar está dañado[: {target}]. No se usará.',
    'Sincronice: una copia que se dañó aquí se trae de nuevo. Si sigue así, avise al editor.',
  ],
  'artifact.unreadable': ['El archivo que hay que instalar no se entiende[: {target}].', 'Avise al editor.'],
  'artifact.wrong-type': [
    'El archivo no es de la clase que dice ser[: {target}][ (es {found}, se esperaba {expected})].',
    'Avise al editor.',
  ],
  'artifact.padded': [
    'La imagen está hecha para grabarse directamente y trae sus propias órdenes para el cargador de arranque[: {target}]. El plan no dice que pueda quedarse para siempre, así que se rechaza.',
    'Pida al editor una imagen sin relleno ni confirmación.',
  ],
  'artifact.unsigned': [
    'La imagen no lleva firma, pero el tipo de equipo exige una[: {target}].',
    'Pida al editor una imagen firmada.',
  ],
  'artifact.bad-signature': ['La firma dentro de la imagen no encaja[: {target}].', 'No la use. Avise al editor.'],
  'artifact.version-mismatch': [
    'La imagen contiene otra versión que la que dice el plan[: {found} en vez de {expected}].',
    'Avise al editor.',
  ],
}
