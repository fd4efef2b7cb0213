import { describe, expect, it } from 'vitest'
import { linkCost, withWord, wordOn } from '../../../../electron/host/sync/limits/link-cost.ts'
import { defaultInterface, networkFromNmcli } from '../../../../electron/host/sync/limits/network-manager.ts'

const network = (id: string, metered: boolean | null) => ({ id, name: id, metered })

describe('whether a link is paid by the byte', () => {
  it('is told by whoever is nearest', () => {
    const vsat = network('vsat', true)
    expect(linkCost(null, null, {})).toEqual({ metered: false, by: 'nobody' })
    expect(linkCost(null, network('quay', null), {})).toEqual({ metered: false, by: 'nobody' })
    expect(linkCost(null, vsat, {})).toEqual({ metered: true, by: 'system' })
    expect(linkCost(null, vsat, { vsat: false })).toEqual({ metered: false, by: 'person' })
    expect(linkCost(null, null, { '': true })).toEqual({ metered: true, by: 'person' })
    expect(linkCost(true, vsat, { vsat: false })).toEqual({ metered: true, by: 'this-sync' })
  })

  it('is kept by network, forgotten when asked to, and never grows without end', () => {
    const quay = network('quay', null)
    const said = withWord(withWord({}, quay, false), null, true)
    expect([wordOn(quay, said), wordOn(null, said), wordOn(network('vsat', true), said)]).toEqual([false, true, null])
    expect(withWord(said, quay, null)).toEqual({ '': true })
    let words = {}
    for (let i = 0; i < 300; i += 1) words = withWord(words, network(`n${i}`, null), true)
    expect(Object.keys(words)).toHaveLength(100)
    expect(wordOn(network('n299', null), words)).toBe(true)
    expect(wordOn(network('__proto__', null), words)).toBeNull()
  })
})

describe('what NetworkManager says', () => {
  const show = (metered: string, name = 'VSAT') =>
    `GENERAL.CONNECTION:${name}\nGENERAL.CON-UUID:9fc5\nGENERAL.METERED:${metered}\n`
  it.each([
    ['yes', true],
    ['yes (guessed)', true],
    ['no', false],
    ['no (guessed)', false],
    ['unknown', null],
    ['', null],
  ])('%s', (text, metered) => {
    expect(networkFromNmcli(show(text))).toEqual({ id: '9fc5', name: 'VSAT', metered })
  })

  it('takes names as they are, and a device without a connection for none', () => {
    expect(networkFromNmcli(show('no', String.raw`Quay 4\: mess\\room`))?.name).toBe(String.raw`Quay 4: mess\room`)
    expect(networkFromNmcli('GENERAL.CONNECTION:\nGENERAL.CON-UUID:\nGENERAL.METERED:unknown\n')).toBeNull()
    expect(networkFromNmcli('GENERAL.CON-UUID:--\n')).toBeNull()
    expect(networkFromNmcli('Error: NetworkManager is not running.')).toBeNull()
  })

  it('is asked of the interface that leads out', () => {
    const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n'
    const row = (iface: string, to: string, metric: number, flags = '0003', mask = '00000000') =>
      `${iface}\t${to}\t010200C0\t${flags}\t0\t0\t${metric}\t${mask}\t0\t0\t0\n`
    expect(defaultInterface(head)).toBeNull()
    expect(defaultInterface(head + row('eth0', '000200C0', 0, '0001', '00FFFFFF'))).toBeNull()
    const all =
      head + row('wwan0', '00000000', 700) + row('wlan0', '00000000', 600) + row('eth0', '00000000', 1, '0002')
    expect(defaultInterface(all)).toBe('wlan0')
  })
})
