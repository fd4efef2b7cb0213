import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readHeadlessArgs } from '../../../electron/host/headless-args.ts'
import { defaultDataDir, demoDataDir } from '../../../shared/data-dir.ts'

describe('the arguments of a headless host', () => {
  it('have defaults', () => {
    expect(readHeadlessArgs([], { SLIPWAY_DATA_DIR: '/data' })).toEqual({
      dataDir: resolve('/data'),
      mode: 'normal',
      port: 0,
      page: null,
      idleExitMs: null,
      withParent: false,
    })
  })

  it('say all of it', () => {
    const args = ['--data-dir', '/d', '--demo', '--port', '80', '--idle-exit', '5', '--page', '/p', '--with-parent']
    expect(readHeadlessArgs(args, {})).toEqual({
      dataDir: resolve('/d-demo'),
      mode: 'demo',
      port: 80,
      page: resolve('/p'),
      idleExitMs: 5000,
      withParent: true,
    })
  })

  it.each([[['--port', '70000']], [['--port', 'http']], [['--idle-exit', '-1']], [['--what']], [['stray']]])(
    'are refused: %j',
    (args) => {
      expect(() => readHeadlessArgs(args, {})).toThrow(TypeError)
    },
  )
})

describe('the data folder', () => {
  it.each([
    ['linux', {}, '/home/anna', '/home/anna/.local/share/slipway'],
    ['linux', { XDG_DATA_HOME: '/srv/data' }, '/home/anna', '/srv/data/slipway'],
    ['linux', { XDG_DATA_HOME: 'relative' }, '/home/anna', '/home/anna/.local/share/slipway'],
    ['darwin', {}, '/Users/anna', '/Users/anna/Library/Application Support/Slipway'],
    [
      'win32',
      { APPDATA: 'C:\\Users\\anna\\AppData\\Roaming' },
      'C:\\Users\\anna',
      'C:\\Users\\anna\\AppData\\Roaming\\Slipway',
    ],
    ['win32', {}, 'C:\\Users\\anna', 'C:\\Users\\anna\\AppData\\Roaming\\Slipway'],
  ])('on %s with %j', (platform, env, home, folder) => {
    expect(defaultDataDir(platform, env, home)).toBe(folder)
  })

  it('of the demo is beside the real one, never in it', () => {
    expect(demoDataDir('/data/slipway/')).toBe('/data/slipway-demo')
    expect(demoDataDir('C:\\Slipway\\')).toBe('C:\\Slipway-demo')
  })
})
