import type { App, Session, WebContents } from 'electron'

/** Addresses a page of ours may load: its own scheme, and what it made itself. */
const OWN_SCHEMES = ['app:', 'data:', 'blob:', 'devtools:']

/** Where the page comes from while it is developed, or null. */
export type DevOrigin = string | null

function isOurs(url: string, devOrigin: DevOrigin): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, origin } = new URL(url)
  return OWN_SCHEMES.includes(protocol) || (devOrigin !== null && origin.replace(/^ws/, 'http') === devOrigin)
}

/**
 * Whatever contents there will ever be, they go nowhere: no navigation, no new window, no embedded page.
 * (Electron security checklist 13, 14, 15.)
 */
export function guardContents(app: Pick<App, 'on'>): void {
  app.on('web-contents-created', (_event, contents: WebContents) => {
    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'] as const) {
      contents.on(event as 'will-attach-webview', (details: { preventDefault(): void }) => details.preventDefault())
    }
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
}

/**
 * No permissions, no devices, no network: the page has a port to its host and needs nothing else.
 * (Electron security checklist 5.) Also stops what Chromium would do by itself, such as fetching dictionaries.
 */
export function guardSession(session: Session, devOrigin: DevOrigin): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.setSpellCheckerEnabled(false)
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isOurs(details.url, devOrigin) }))
  session.on('will-download', (event, item) => {
    // Only what the page itself made, such as a report.
    if (!/^(?:blob|data):/.test(item.getURL())) event.preventDefault()
  })
}
