import type { z } from 'zod'
import type { HistoryRow, SeenAddress, SignalRow } from '../../../shared/contract/devices.ts'
import type { Identification, ReadValue } from '../../../shared/contract/finding.ts'
import type { WaitingView } from '../../../shared/contract/recovery.ts'
import type { SearchableNetwork, SearchState } from '../../../shared/contract/search.ts'
import type { SiteBoard } from '../../../shared/contract/site.ts'
import type { DeviceView } from '../../../shared/model/device.ts'
import { list, table } from '../table.ts'
import type { ViewOptions, Views } from './types.ts'
import { blocks, change, reason, versions, when, yesNo } from './words.ts'

export const deviceViews: Views = {
  'devices.list': (devices: readonly DeviceView[], options: ViewOptions) =>
    table(
      ['device', 'name', 'state', 'runs', 'link', 'last seen', 'trouble'],
      devices.map((device) => [
        device.key,
        device.name,
        device.presence,
        device.status ? versions(device.status.versions) : null,
        device.link?.address,
        when(device.lastSeenAt, options),
        reason(device.trouble, options),
      ]),
    ) || 'No devices yet.',
  'devices.one': one,
  'devices.refresh': one,
  'devices.signals': (signals: readonly SignalRow[], { formats }: ViewOptions) =>
    table(
      ['signal', 'value', 'unit', 'level', 'age'],
      signals.map((signal) => [signal.title, signal.value, signal.unit, signal.level, formats.duration(signal.ageMs)]),
    ) || 'No signals.',
  'devices.history': (rows: readonly z.infer<typeof HistoryRow>[], options: ViewOptions) =>
    table(
      ['when', 'plan', 'change', 'outcome', 'by', 'run'],
      rows.map((row) => [when(row.at, options), row.planTitle, change(row.change), row.outcome, row.actor, row.run]),
    ) || 'Nothing was done to this device yet.',
  'devices.addresses': (addresses: readonly SeenAddress[], options: ViewOptions) =>
    table(
      ['address', 'state', 'device', 'why'],
      addresses.map(({ address, state, device, reason: why }) => [address, state, device, reason(why, options)]),
    ) || 'No addresses.',
  'devices.networks': (networks: readonly SearchableNetwork[]) =>
    table(
      ['network', 'interface', 'addresses', 'searched'],
      networks.map(({ network, name, hosts, allowed }) => [network, name, hosts, yesNo(allowed)]),
    ) || 'This laptop is in no network.',
  'devices.search': ({ state, network, ports, done, total, rate, found }: SearchState, options: ViewOptions) =>
    blocks(
      list([
        ['Search', state],
        ['Network', network],
        ['Ports', ports.join(', ')],
        ['Knocks', `${done} of ${total}, at most ${rate} a second`],
      ]),
      table(
        ['address', 'device', 'type', 'seen before', 'why not'],
        found.map((one) => [one.address, one.device, one.typeTitle, yesNo(one.known), reason(one.reason, options)]),
      ),
    ),
  'devices.identify': identified,
  'devices.waiting': (waiting: readonly WaitingView[], options: ViewOptions) =>
    blocks(...waiting.map((one) => waits(one, options))) || 'No boot loader waits for anybody.',
  'devices.claim': ({ device }: { readonly device: string }) =>
    `Its boot loader is taken for that of ${device}. Start the plan: slipway runs start PLAN ${device}`,
  'devices.read': (values: readonly ReadValue[], options: ViewOptions) =>
    table(
      ['source', 'value', 'unit', 'the device says', 'fault', 'read'],
      values.map(({ source, value, unit, raw, fault, time }) => [source, value, unit, raw, fault, when(time, options)]),
    ) || 'Nothing to read.',
  'site.board': (board: SiteBoard, options: ViewOptions) =>
    blocks(
      board.site ? `${board.site.title}: ${boardSentence(board)}` : 'No site is chosen: slipway site choose SITE',
      table(
        ['group', 'device', 'name', 'runs', 'wanted', 'plan', 'last seen', 'why not'],
        board.rows.map((row) => [
          row.group,
          row.key,
          row.name,
          versions(row.running),
          versions(row.wanted),
          row.plan?.id,
          when(row.lastSeenAt, options),
          reason(row.reason, options),
        ]),
      ),
      board.total > board.rows.length ? `${board.total - board.rows.length} more: slipway site page --from N` : '',
    ),
}

function one(device: DeviceView, options: ViewOptions): string {
  return blocks(
    list([
      ['Device', `${device.name} (${device.key})`],
      ['Type', device.typeTitle],
      ['Hardware', device.identity.hardware],
      ['State', `${device.presence}${device.status ? `, ${device.status.mode}` : ''}`],
      ['Link', device.link?.address],
      ['Read', when(device.statusAt, options)],
      ...(device.trouble ? [['Trouble', reason(device.trouble, options)] as const] : []),
    ]),
    table(
      ['component', 'slot', 'version', 'active', 'pending', 'confirmed'],
      (device.status?.slots ?? []).map((slot) => [
        slot.component,
        slot.name,
        slot.version,
        yesNo(slot.active),
        yesNo(slot.pending),
        yesNo(slot.confirmed),
      ]),
    ),
  )
}

function waits(one: WaitingView, options: ViewOptions): string {
  const { address, mayBe, alike, left, plans } = one
  return blocks(
    list([
      ['Waits in its boot loader', address],
      ...(left
        ? [['Left here by', `run ${left.run} on ${left.name} (${left.device}), ${when(left.at, options)}`] as const]
        : []),
      ...(alike.length > 0 ? [['Cannot be told from', alike.join(', ')] as const] : []),
    ]),
    table(
      ['may be', 'driver', 'hardware', 'holds', 'it says'],
      mayBe.map(({ type, driver, hardware, holds, says }) => [
        type,
        driver,
        hardware,
        holds,
        Object.entries(says)
          .map(([name, value]) => `${name}=${value}`)
          .join(' '),
      ]),
    ),
    table(
      ['plan', 'title', 'who may say which device it is', 'why not'],
      plans.map(({ id, title, roles, twoPerson, reason: why }) => [
        id,
        title,
        `${roles.join(', ')}${twoPerson ? ', two of them' : ''}`,
        reason(why, options),
      ]),
    ) || 'No plan on board lets anybody say which device this is. Nothing is written to it.',
  )
}

function identified(found: Identification, options: ViewOptions): string {
  const { address, state, device, identity, typeTitle, driver, known, attempts } = found
  return blocks(
    list([
      ['Address', address],
      ['State', state],
      ...(device === null ? [['Why', reason(found.reason, options)] as const] : []),
      ...(identity
        ? ([
            ['Device', device],
            ['Type', typeTitle],
            ['Serial number', identity.serial],
            ['Hardware', identity.hardware],
            ['Driver', driver],
            ['Seen before', yesNo(known)],
          ] as const)
        : []),
    ]),
    table(
      ['asked as', 'driver', 'answer'],
      attempts.map((one) => [one.typeTitle, one.driver, one.reason ? reason(one.reason, options) : 'yes, this it is']),
    ),
  )
}

function boardSentence({ counts, rows }: SiteBoard): string {
  const current = counts['up-to-date'] ?? 0
  return (
    `${current} of ${rows.length} devices run what they should. ` +
    `${counts['to-update'] ?? 0} to update, ${counts['needs-you'] ?? 0} need you, ${counts['not-here'] ?? 0} not here.`
  )
}
