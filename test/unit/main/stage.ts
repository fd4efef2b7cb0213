import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startMain } from '../../../electron/main/main.ts'
import { FakeElectron } from '../../fixtures/fake-electron.ts'

/** A built page and an Electron without Electron, for one test. */
export class Stage {
  readonly root = mkdtempSync(join(tmpdir(), 'slipway-main-'))
  readonly electron = new FakeElectron()

  constructor() {
    mkdirSync(join(this.root, 'renderer', 'assets'), { recursive: true })
    writeFileSync(join(this.root, 'renderer', 'index.html'), '<!doctype html>')
    writeFileSync(join(this.root, 'renderer', 'assets', 'a.js'), 'export {}')
  }

  get dataDir(): string {
    return join(this.root, 'data')
  }

  /** Up to the window, or only as far as Electron lets it while it is not ready. */
  main(devUrl: string | null = null): Promise<void> {
    return startMain(this.electron.api(), {
      folder: join(this.root, 'main'),
      dataDir: this.dataDir,
      mode: 'normal',
      platform: 'linux',
      electronVersion: '45.3.4',
      devUrl,
      onUnexpected: () => 'TEST-0001',
    })
  }

  /** Gives the host's process. */
  async start(devUrl: string | null = null) {
    this.electron.app.ready()
    await this.main(devUrl)
    return this.electron.children[0]!
  }

  cleanUp(): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}
