import { own, wrongField } from './body.ts'
import type { Patience, SmpClient } from './client.ts'
import { GROUP } from './packet.ts'

const ID = { value: 0, save: 3 } as const

/** The bytes of a setting. Throws `device.refused` for one that the device has not. */
export async function readSetting(
  client: SmpClient,
  name: string,
  patience: Patience,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const request = { op: 'read', group: GROUP.settings, id: ID.value, body: { name } } as const
  const value = own(await client.ask(request, patience, signal), 'val')
  if (!(value instanceof Uint8Array)) throw wrongField('val')
  return value
}

/** Gives a setting other bytes, for now. {@link saveSettings} keeps them over a restart. */
export async function writeSetting(
  client: SmpClient,
  name: string,
  val: Uint8Array,
  patience: Patience,
  signal: AbortSignal,
): Promise<void> {
  await client.ask({ op: 'write', group: GROUP.settings, id: ID.value, body: { name, val } }, patience, signal)
}

export async function saveSettings(client: SmpClient, patience: Patience, signal: AbortSignal): Promise<void> {
  await client.ask({ op: 'write', group: GROUP.settings, id: ID.save }, patience, signal)
}
