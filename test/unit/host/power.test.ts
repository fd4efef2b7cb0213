import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { powerFromPmset, powerFromSupplies, readPower, readSupplies } from '../../../electron/host/shell/power.ts'

const laptop = { type: 'Battery', present: '1', capacity: '81', energy_now: '40000000', energy_full: '50000000' }
const charger = { type: 'Mains', online: '1' }

describe('power from the supplies of Linux', () => {
  it.each([
    ['a laptop on its charger', [charger, laptop], { battery: 80, onMains: true }],
    ['a laptop on battery', [{ ...charger, online: '0' }, laptop], { battery: 80, onMains: false }],
    ['a charger on USB-C', [{ type: 'USB', online: '1' }, laptop], { battery: 80, onMains: true }],
    ['a battery that tells capacity only', [{ type: 'Battery', capacity: '55' }], { battery: 55, onMains: null }],
    [
      'two batteries, weighted by what they hold',
      [laptop, { type: 'Battery', energy_now: '0', energy_full: '50000000' }],
      { battery: 40, onMains: null },
    ],
    [
      'a mouse is no battery of the laptop',
      [charger, { ...laptop, scope: 'Device' }],
      { battery: null, onMains: true },
    ],
    ['an empty battery bay', [charger, { ...laptop, present: '0' }], { battery: null, onMains: true }],
    ['one unreadable battery spoils the whole', [laptop, { type: 'Battery' }], { battery: null, onMains: null }],
    ['nonsense', [{ type: 'Battery', capacity: '-5' }], { battery: null, onMains: null }],
    ['a battery that claims more than it has', [{ type: 'Battery', capacity: '140' }], { battery: 100, onMains: null }],
    ['no supplies at all, as in a virtual machine', [], { battery: null, onMains: null }],
  ])('%s', (_, supplies, power) => {
    expect(powerFromSupplies(supplies)).toEqual(power)
  })

  it('is read from the folders of the kernel', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-power-'))
    for (const [name, files] of Object.entries({ AC: charger, BAT0: laptop })) {
      mkdirSync(join(folder, name))
      for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), `${text}\n`)
    }
    expect(powerFromSupplies(await readSupplies(folder))).toEqual({ battery: 80, onMains: true })
    rmSync(folder, { recursive: true })
  })
})

describe('power from pmset', () => {
  it.each([
    [
      "Now drawing from 'Battery Power'\n -InternalBattery-0 (id=22020195)\t73%; discharging; 4:11 remaining present: true\n",
      { battery: 73, onMains: false },
    ],
    [
      "Now drawing from 'AC Power'\n -InternalBattery-0 (id=22020195)\t100%; charged; 0:00 remaining present: true\n",
      { battery: 100, onMains: true },
    ],
    ["Now drawing from 'AC Power'\n", { battery: null, onMains: true }],
    ['', { battery: null, onMains: null }],
  ])('%j', (text, power) => {
    expect(powerFromPmset(text)).toEqual(power)
  })
})

it('is unknown where there is nobody to ask', async () => {
  const signal = new AbortController().signal
  await expect(readPower('win32', signal)).resolves.toEqual({ battery: null, onMains: null })
  await expect(readPower('darwin', AbortSignal.abort())).resolves.toEqual({ battery: null, onMains: null })
})
