import { carrierOf, readBag, signBag } from '../../../electron/host/audit/carried/receipt-bag.ts'
import { checkWaybill, readWaybill, signWaybill, waybillName } from '../../../electron/host/audit/carried/waybill.ts'
import { signHead } from '../../../electron/host/audit/chain-head.ts'
import { signReceipt } from '../../../electron/host/audit/chain-receipt.ts'
import { testKey, testSigner } from '../../fixtures/audit/console.ts'
import { type FuzzTarget, words } from '../target.ts'

const signer = testSigner('crew')
const hash = 'a'.repeat(64)
const stretch = { epoch: 1, first: 1, last: 9, segment: 'b'.repeat(64) }
const head = signHead(signer, { epoch: 1, seq: 12, hash }, 1)
const waybill = signWaybill(signer, { ...stretch, bytes: 700, prev: hash, hash, head })
const unsigned = { ...stretch, console: 'crew', head: hash, time: 1 }
const bag = signBag(signer, 'crew', [signReceipt(unsigned, { ...testKey(), keyid: 'receipt-1' })], 1)
const consoles = new Map([['crew', signer.publicKey]])

export const STICKS: readonly FuzzTarget[] = [
  {
    name: 'papers of logs that travel by stick',
    seeds: words(JSON.stringify(waybill), JSON.stringify(bag)),
    run(bytes) {
      if (Buffer.from(bytes).includes('waybill')) {
        checkWaybill(readWaybill(bytes, { console: 'crew', name: waybillName(waybill) }), signer.publicKey)
      } else {
        carrierOf(readBag(bytes, { console: 'crew', name: 'crew.json' }), consoles)
      }
    },
  },
]
