import { z } from 'zod'

/**
 * DNS-SD service types by which a device announces itself on its network (RFC 6335): `_mcumgr._udp`. They say where to
 * ask, and the announcement says at which port.
 */
export const MdnsServices = z
  .array(z.string().regex(/^_[a-z0-9](?:[a-z0-9-]{0,13}[a-z0-9])?\._(?:tcp|udp)$/, '_name._tcp or _name._udp'))
  .max(8)
  .optional()
