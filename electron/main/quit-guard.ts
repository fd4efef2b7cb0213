import type { App, BrowserWindow } from 'electron'
import type { ElectronApi } from './electron-api.ts'
import type { MainWords } from './words.ts'
import type { WritingGuard } from './writing-guard.ts'

export interface QuitGuardOptions {
  readonly app: Pick<App, 'on' | 'quit' | 'exit'>
  readonly dialog: Pick<ElectronApi['dialog'], 'showMessageBox'>
  readonly powerMonitor: Pick<ElectronApi['powerMonitor'], 'on'>
  readonly guard: WritingGuard
  readonly words: MainWords
  /** Ends the host at safe points. */
  readonly endHost: () => Promise<void>
}

/**
 * Nobody ends the program under a device by accident: while one is written, closing asks, and the
 * choices are to stay or to close as soon as it is safe. Every way out ends the host in order.
 */
export class QuitGuard {
  readonly #options: QuitGuardOptions
  #ending = false
  #asking = false

  constructor(options: QuitGuardOptions) {
    this.#options = options
    const { app, powerMonitor } = options
    app.on('before-quit', (event) => {
      event.preventDefault()
      void this.#leave(null)
    })
    app.on('window-all-closed', () => void this.#leave(null))
    // Linux and macOS wait with their shutdown when asked to; Windows is told through the blocker alone.
    powerMonitor.on('shutdown', (event?: { preventDefault(): void }) => {
      event?.preventDefault()
      void this.#leaveWhenSafe()
    })
  }

  watch(window: BrowserWindow): void {
    window.on('close', (event) => {
      if (this.#ending) return
      event.preventDefault()
      void this.#leave(window)
    })
  }

  async #leave(window: BrowserWindow | null): Promise<void> {
    if (this.#ending || this.#asking) return
    if (this.#options.guard.writing && !(await this.#confirmed(window))) return
    await this.#leaveWhenSafe()
  }

  async #leaveWhenSafe(): Promise<void> {
    await this.#options.guard.untilSafe()
    if (this.#ending) return
    this.#ending = true
    await this.#options.endHost()
    this.#options.app.exit(0)
  }

  async #confirmed(window: BrowserWindow | null): Promise<boolean> {
    const { dialog, words } = this.#options
    const question = {
      type: 'warning' as const,
      message: words.writing,
      detail: words.writingWhy,
      buttons: [words.keepOpen, words.closeWhenSafe],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    }
    this.#asking = true
    try {
      const { response } = await (window ? dialog.showMessageBox(window, question) : dialog.showMessageBox(question))
      return response === 1
    } finally {
      this.#asking = false
    }
  }
}
