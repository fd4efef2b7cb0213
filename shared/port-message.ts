/** The message with which preload hands the host's port to the page. In a file of its own: preload is this and little else. */
export const PORT_MESSAGE = 'slipway-port'
