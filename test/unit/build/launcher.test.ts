import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { doorPage, freeProfile, isSnap, openAppWindow } from '../../../build/launcher/app-window.ts'
import { appWindowArgs, browserCandidates, findBrowser } from '../../../build/launcher/browsers.ts'
import { isStale } from '../../../build/launcher/build.ts'
import { findElectron, mirrorOf } from '../../../build/launcher/electron-runtime.ts'
import { hasDisplay, type Machine, planWindow, type StartFlags, wantsElectron } from '../../../build/launcher/plan.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-launcher-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('how the console is shown', () => {
  const flags: StartFlags = { demo: false, headless: false, browser: false, dataDir: null, port: null }
  const bare: Machine = { display: true, electron: null, browser: null, canInstall: false }
  const electron = '/e/electron'
  const browser = '/usr/bin/chromium'

  it.each([
    ['Electron where it is', {}, { electron, browser }, 'electron'],
    ['a browser where Electron is not', {}, { browser }, 'app-window'],
    ['a browser where one is asked for', { browser: true }, { electron, browser }, 'app-window'],
    ['a browser to be installed', {}, { canInstall: true }, 'install-browser'],
    ['the address where there is no browser', {}, {}, 'address'],
    ['the address where there is no display', {}, { display: false, electron, browser, canInstall: true }, 'address'],
    ['the address where no window is wanted', { headless: true }, { electron, browser }, 'address'],
    ['Electron only in the last resort of nobody', { browser: true }, { electron }, 'address'],
  ])('%s', (_, wished, machine, kind) => {
    expect(planWindow({ ...flags, ...wished }, { ...bare, ...machine }).kind).toBe(kind)
  })

  it('says why there is only an address', () => {
    const why = (wished: object, machine: object) => {
      const plan = planWindow({ ...flags, ...wished }, { ...bare, ...machine })
      return plan.kind === 'address' ? plan.why : ''
    }
    expect(why({}, {})).toMatch(/Chrome, Chromium or Edge/)
    expect(why({}, { display: false })).toMatch(/no display/)
    expect(why({ headless: true }, {})).toMatch(/asked for/)
  })

  it.each([
    [{}, {}, true],
    [{}, { electron }, false],
    [{}, { display: false }, false],
    [{ headless: true }, {}, false],
    [{ browser: true }, {}, false],
  ])('fetches Electron only for somebody who will see it: %j on %j', (wished, machine, wanted) => {
    expect(wantsElectron({ ...flags, ...wished }, { ...bare, ...machine })).toBe(wanted)
  })

  it.each([
    ['linux', {}, false],
    ['linux', { DISPLAY: ':0' }, true],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
    ['linux', { DISPLAY: '' }, false],
    ['darwin', {}, true],
    ['win32', {}, true],
  ] as const)('%s with %j has a display: %j', (platform, env, display) => {
    expect(hasDisplay(platform, env)).toBe(display)
  })
})

describe('the browser', () => {
  const found = (platform: NodeJS.Platform, env: Record<string, string>, ...there: string[]) =>
    findBrowser(platform, env, (path) => there.includes(String(path)))

  it('is found where each system keeps it', () => {
    const linux = { PATH: '/usr/local/bin:/usr/bin:relative' }
    expect(found('linux', linux, '/usr/bin/google-chrome', '/usr/bin/chromium')).toBe('/usr/bin/chromium')
    expect(found('linux', linux, '/usr/bin/microsoft-edge')).toBe('/usr/bin/microsoft-edge')
    expect(found('linux', linux, 'relative/chromium')).toBeNull()
    const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
    expect(found('darwin', { HOME: '/Users/anna' }, mac)).toBe(mac)
    const edge = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'
    const windows = { ProgramFiles: 'C:\\Program Files', 'ProgramFiles(x86)': 'C:\\Program Files (x86)' }
    expect(found('win32', windows, edge)).toBe(edge)
    expect(found('win32', {})).toBeNull()
  })

  it('is the one that is named, before all others', () => {
    const env = { PATH: '/usr/bin', CHROME_PATH: '/opt/my chrome/chrome' }
    expect(browserCandidates('linux', env)[0]).toBe('/opt/my chrome/chrome')
    expect(found('linux', env, '/usr/bin/chromium')).toBe('/usr/bin/chromium')
  })

  it('gives up its sandbox for root alone', () => {
    const window = { url: 'file:///x', profileDir: '/p', platform: 'linux' as const, isRoot: false }
    expect(appWindowArgs(window)).not.toContain('--no-sandbox')
    expect(appWindowArgs({ ...window, isRoot: true })).toContain('--no-sandbox')
    expect(appWindowArgs({ ...window, platform: 'darwin', isRoot: true })).not.toContain('--no-sandbox')
    expect(appWindowArgs(window)).toEqual(expect.arrayContaining(['--app=file:///x', '--user-data-dir=/p']))
  })

  it('from the snap store is recognised, since it sees no hidden folders', () => {
    const script = join(folder, 'chromium-browser')
    writeFileSync(script, '#!/bin/sh\nexec /snap/bin/chromium "$@"\n')
    const real = join(folder, 'chromium')
    writeFileSync(real, Buffer.alloc(30_000))
    symlinkSync(real, join(folder, 'link'))
    expect([script, '/snap/bin/chromium', real, join(folder, 'link'), join(folder, 'gone')].map(isSnap)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })

  it('gets the address through a private file, never on its command line', async () => {
    const record = join(folder, 'record')
    const fake = join(folder, 'browser')
    const door = join(folder, 'browser', 'open.html')
    rmSync(fake, { force: true })
    const program = join(folder, 'fake-browser.sh')
    writeFileSync(
      program,
      `#!/bin/sh\necho "$@" > ${record}\nstat -c %a ${door} >> ${record}\ncat ${door} >> ${record}\n`,
      {
        mode: 0o755,
      },
    )
    await openAppWindow(program, 'http://127.0.0.1:4711/#secret-token', folder, new AbortController().signal)
    const [args = '', mode, page] = (await import('node:fs')).readFileSync(record, 'utf8').split('\n')
    expect(args).toContain(`--app=file://${door}`)
    expect(args).not.toContain('secret-token')
    expect(mode).toBe('600')
    expect(page).toContain('location.replace("http://127.0.0.1:4711/#secret-token")')
    expect(() => statSync(door)).toThrow(/ENOENT/)
  })

  it('gets another profile while a window of an earlier start is still open', () => {
    mkdirSync(join(folder, 'profile'))
    expect(freeProfile(folder)).toBe(join(folder, 'profile'))
    const lock = join(folder, 'profile', 'SingletonLock')
    symlinkSync(`laptop-${2 ** 22 - 1}`, lock)
    expect(freeProfile(folder)).toBe(join(folder, 'profile'))
    rmSync(lock)
    symlinkSync(`laptop-7-${process.pid}`, lock)
    expect(freeProfile(folder)).toMatch(/profile-\w+$/)
  })

  it('is closed with the console', async () => {
    const program = join(folder, 'waiting.sh')
    writeFileSync(program, '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 })
    const close = new AbortController()
    const closed = openAppWindow(program, 'http://127.0.0.1:4711/#x', folder, close.signal)
    setTimeout(() => close.abort(), 50)
    await expect(closed).resolves.toBeUndefined()
  })

  it('is led nowhere else by an odd address', () => {
    expect(doorPage('http://x/</script><script>alert(1)')).not.toMatch(/<\/script>.*alert/)
  })
})

describe('the Electron runtime', () => {
  it('is looked for without fetching anything', () => {
    expect(findElectron({}, folder)).toBeNull()
    writeFileSync(join(folder, 'path.txt'), 'electron')
    expect(findElectron({}, folder)).toBeNull()
    mkdirSync(join(folder, 'dist'))
    writeFileSync(join(folder, 'dist', 'electron'), '')
    expect(findElectron({}, folder)).toBe(join(folder, 'dist', 'electron'))
    expect(findElectron({ ELECTRON_OVERRIDE_DIST_PATH: '/nowhere' }, folder)).toBeNull()
  })

  it('comes from the mirror that is set', () => {
    expect(mirrorOf({})).toMatch(/^https:\/\/github\.com\/electron\//)
    expect(mirrorOf({ ELECTRON_MIRROR: 'https://mirror.example/' })).toBe('https://mirror.example/')
    expect(mirrorOf({ npm_config_electron_mirror: 'https://npm.example/' })).toBe('https://npm.example/')
  })
})

describe('the build', () => {
  const at = (path: string, second: number) => utimesSync(path, second, second)

  it('is stale when it is missing, or older than a source anywhere', () => {
    const stamp = join(folder, 'built')
    const source = join(folder, 'shared')
    mkdirSync(join(source, 'deep'), { recursive: true })
    writeFileSync(join(source, 'deep', 'a.ts'), '')
    expect(isStale(stamp, [source])).toBe(true)
    writeFileSync(stamp, '')
    for (const path of [join(source, 'deep', 'a.ts'), join(source, 'deep'), source]) at(path, 1000)
    at(stamp, 2000)
    expect(isStale(stamp, [source, join(folder, 'gone')])).toBe(false)
    at(join(source, 'deep', 'a.ts'), 3000)
    expect(isStale(stamp, [source])).toBe(true)
    at(join(source, 'deep', 'a.ts'), 1000)
    // A file that is gone leaves its trace in the folder.
    rmSync(join(source, 'deep', 'a.ts'))
    expect(isStale(stamp, [source])).toBe(true)
  })
})
