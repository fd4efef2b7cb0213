export const doctor = {
  title: 'Médico de conexiones',
  lead: 'Busca lo que mantiene lejos a un dispositivo. No se envía nada al dispositivo.',
  address: 'Dirección',
  addressHint:
    'serial:/dev/ttyUSB0, usb:1-1.4, udp://10.0.0.7:1337 o http://10.0.0.9:8080. Déjela vacía para mirar todo el portátil.',
  examine: 'Examinar',
  again: 'Examinar de nuevo',
  of: 'Examen de {address}',
  ofAll: 'Examen de este portátil',
  at: '{at:datetime}, {platform}',
  copy: 'Copiar el informe',
  seen: 'Visto',
  todo: 'Qué hacer',
  'level-fault': 'lo mantiene lejos',
  'level-notice': 'puede importar',
  'level-unknown': 'no se pudo mirar',
  'level-fine': 'bien',
  ruleTitle: 'Regla para este dispositivo',
  ruleFile: 'Archivo: {file}',
  ruleWrite: 'Escribir la regla',
  ruleByHand: 'Esta cuenta no puede escribirla. Dé el texto y el nombre del archivo a quien administra el portátil.',
  ruleWritten: 'La regla está escrita: {file}. Desconecte el dispositivo y vuelva a conectarlo.',

  answers: 'Un dispositivo responde[: {device}].',
  'answers-do': 'Nada. La conexión funciona.',
  'not-asked': 'Nadie ha preguntado en {address} quién está allí.',
  'not-asked-do':
    'Pregunte quién responde allí, o añada la dirección. Hasta entonces solo se puede mirar el puerto mismo.',
  'being-asked': 'Se está preguntando en {address} por primera vez.',
  'being-asked-do': 'Espere un momento y examine de nuevo.',
  'no-answer': 'Nadie responde en {address}.',
  'no-answer-do': 'Compruebe que el dispositivo tiene corriente y funciona, y que el cable lleva hasta él.',
  'someone-else': 'Algo responde en {address}, pero no es ninguno de los dispositivos con perfil firmado.',
  'someone-else-do': 'Compruebe qué dispositivo está conectado allí y si su perfil está a bordo.',
  'no-profile': 'Ningún perfil firmado sabe qué puede haber en {address}.',
  'no-profile-do': 'Sincronice, o pida al editor el perfil de este dispositivo.',
  'no-identity': 'El dispositivo en {address} no dice su número de serie.',
  'no-identity-do':
    'Configure el dispositivo con un número de serie. Una actualización debe saber con qué dispositivo se encuentra.',
  'no-prompt': 'Una consola responde en {address}, pero con ningún indicador que un perfil conozca.',
  'no-prompt-do':
    'Puede que alguien esté conectado allí, o que aún esté arrancando. Cierre esa sesión, espere un momento e inténtelo de nuevo.',
  'login-wanted': 'El dispositivo en {address} pide un inicio de sesión.',
  'login-wanted-do': 'Guarde su usuario y contraseña en Ajustes, Conexiones.',
  'not-trusted': 'El dispositivo en {address} no puede probar quién es[ ({reason})].',
  'not-trusted-do':
    'Compruebe la dirección y la fecha de este portátil. Su certificado puede haber caducado o cambiado: pregunte al editor.',
  'host-key-changed':
    'El dispositivo en {address} muestra otra clave de host que la firmada[: {seen} en lugar de {expected}].',
  'host-key-changed-do':
    'No inicie sesión. Puede ser otro dispositivo, o alguien en medio. Si el dispositivo se configuró de nuevo, el editor debe firmar su clave nueva.',
  'host-key-unknown': 'No se conoce ninguna clave de host firmada para el dispositivo en {address}[; muestra {seen}].',
  'host-key-unknown-do': 'Compare la clave con la del dispositivo y pida al editor que la firme.',

  'port-gone': 'No hay ningún puerto {path}.',
  'port-gone-do': 'Conecte el cable. Al conectarlo de nuevo, el puerto puede tener otro nombre.',
  'port-forbidden': 'La cuenta {user} no puede usar {path}[; el grupo {group} puede].',
  'port-forbidden-do': 'Añada la cuenta a ese grupo y vuelva a entrar en el portátil, o escriba la regla de abajo.',
  'port-held': 'El programa {program} (proceso {pid}) tiene abierto {path}.',
  'port-held-do': 'Ciérrelo. Dos programas en un puerto se quitan los bytes el uno al otro.',
  'port-held-unknown': 'Otro programa usa {path}. Desde esta cuenta no se puede ver cuál.',
  'port-held-unknown-do':
    'Cierre los programas de terminal y otras herramientas que usen puertos serie. Si sigue igual, reinicie el portátil.',
  'holders-unknown':
    'No se puede ver si otro programa usa {path}[: {hidden|# programa de otra cuenta|# programas de otras cuentas}].',
  'holders-unknown-do': 'Nada, mientras el dispositivo responda. Si no, cierre lo que pueda usar el puerto.',
  'modem-manager-holds': 'ModemManager (proceso {pid}) tiene abierto {path} y le habla como si fuera un módem.',
  'modem-manager-holds-do': 'Deténgalo mientras trabaja: systemctl stop ModemManager.',
  'modem-manager-runs':
    'ModemManager (proceso {pid}) está en marcha. Prueba cada puerto serie nuevo como módem durante medio minuto.',
  'modem-manager-runs-do':
    'Si un dispositivo responde solo un rato después de conectarlo, deténgalo: systemctl stop ModemManager.',
  'ftdi-latency': 'El adaptador en {path} retiene los bytes durante {ms} ms.',
  'ftdi-latency-do':
    'Las actualizaciones serán lentas. Ponga su tiempo de latencia en 1 ms (en Windows, en las propiedades del puerto).',
  'wrong-speed': 'El {percent} % de lo que llega es ilegible[ a {baud} baudios].',
  'wrong-speed-do':
    'Lo más probable es que el dispositivo hable a otra velocidad que la de su perfil. Compruebe su ajuste y el cable de masa.',
  'other-talk': 'Otra cosa habla en esta línea. Termina con «{said}».',
  'other-talk-do': 'Compruebe qué dispositivo está conectado allí. Si es el correcto, en él se ejecuta otro programa.',
  'nothing-heard': 'Se enviaron bytes y no volvió ni uno[ a {baud} baudios].',
  'nothing-heard-do':
    'Compruebe la corriente del dispositivo, que el conector esté en su puerto de consola y que envío y recepción no estén cruzados.',

  'damaged-frames': '{bad} de {frames} tramas llegaron dañadas.',
  'damaged-frames-do':
    'Use otro cable, uno más corto, u otro puerto sin concentrador. Manténgalo lejos de motores y accionamientos.',
  'breaks-off': 'La conexión se cortó {times} veces.',
  'breaks-off-do': 'Compruebe el conector. Use otro cable, y un puerto del propio portátil en vez de un concentrador.',
  'usb-stalls': 'El dispositivo rechazó {times} peticiones USB.',
  'usb-stalls-do':
    'Conéctelo de nuevo. Si sigue, su cargador de arranque no hace lo que dice el perfil: avise al editor.',
  'usb-timeouts': '{times} peticiones USB no tuvieron respuesta a tiempo.',
  'usb-timeouts-do': 'Use otro cable y un puerto del propio portátil en vez de un concentrador, y conéctelo de nuevo.',

  'usb-gone': 'No hay ningún dispositivo USB conectado en {place}.',
  'usb-gone-do': 'Conéctelo. En otro puerto del portátil tiene otra dirección.',
  'usb-forbidden': 'La cuenta {user} no puede usar el dispositivo USB en {place}[ ({ids})].',
  'usb-forbidden-do': 'Escriba la regla de abajo; luego desconecte el dispositivo y vuelva a conectarlo.',
  'usb-held': 'Otro programa o un controlador del sistema usa el dispositivo USB en {place}[ ({ids})].',
  'usb-held-do': 'Cierre otras herramientas que lo usen y conéctelo de nuevo.',
  'winusb-missing': 'Windows no ha dado al dispositivo USB en {place}[ ({ids})] el controlador WinUSB.',
  'winusb-missing-do': 'Instale WinUSB para él, con el paquete del fabricante o con Zadig, y conéctelo de nuevo.',
  'no-usb-bus': 'Este portátil no tiene ningún USB que Slipway pueda ver.',
  'no-usb-bus-do':
    'En una máquina virtual o un contenedor, pásele los dispositivos USB. Si no, use puertos serie o la red.',
  'no-udev': 'El servicio que anuncia dispositivos (udev) no está en marcha.',
  'no-udev-do': 'Los dispositivos conectados se encuentran un poco más tarde. No se pierde nada más.',

  'no-network': 'Este portátil no está en ninguna red.',
  'no-network-do': 'Conecte el cable de red o únase a la red inalámbrica del dispositivo.',
  'name-unknown': 'Nadie conoce el nombre {host}.',
  'name-unknown-do': 'Use la dirección numérica del dispositivo, como 10.0.0.7.',
  'wrong-subnet': '{ip} no está en ninguna de las redes de este portátil[: {own}], y no hay camino hasta allí.',
  'wrong-subnet-do': 'Dé al portátil una dirección en la red del dispositivo, o compruebe la dirección.',
  unreachable: 'No hay ninguna máquina en {host}.',
  'unreachable-do': 'Compruebe que el dispositivo tiene corriente, que su cable de red está puesto, y su dirección.',
  'nothing-listens': 'Hay una máquina en {host}, pero nada escucha en el puerto {port}.',
  'nothing-listens-do': 'Compruebe el puerto y que el servicio de actualización del dispositivo funciona.',
  'network-silent': 'No vuelve nada de {host}, puerto {port}.',
  'network-silent-do':
    'El dispositivo está apagado, un cortafuegos descarta lo enviado, o el dispositivo solo responde a lo que entiende.',
  'port-open': 'El puerto {port} en {host} está abierto.',
  'port-open-do': 'El camino hasta allí funciona. Lo que falla está entre la consola y el programa del dispositivo.',

  'no-ports': 'No hay ningún puerto serie conectado.',
  'no-ports-do': 'Conecte el cable o el adaptador. Algunos adaptadores necesitan un controlador en Windows.',
  'cannot-tell': 'Nadie puede decir cómo está {what}.',
  'cannot-tell-do': 'Este sistema no lo dice. Pruebe lo que dicen los otros hallazgos.',
  'nothing-found': 'No se encontró nada que mantenga lejos a los dispositivos.',
  'nothing-found-do': 'Si aun así falta un dispositivo, examine su propia dirección.',
} as const
