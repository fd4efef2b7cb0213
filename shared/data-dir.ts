/** Where a console keeps everything unless told otherwise, by platform. */
export function defaultDataDir(
  platform: string,
  env: { readonly APPDATA?: string | undefined; readonly XDG_DATA_HOME?: string | undefined },
  home: string,
): string {
  if (platform === 'win32') return `${env.APPDATA ?? `${home}\\AppData\\Roaming`}\\Slipway`
  if (platform === 'darwin') return `${home}/Library/Application Support/Slipway`
  // XDG Base Directory Specification: a relative path is to be ignored.
  const xdg = env.XDG_DATA_HOME
  return `${xdg?.startsWith('/') ? xdg : `${home}/.local/share`}/slipway`
}

/** The demo's own folder: its trust and its devices never mix with real ones. */
export function demoDataDir(dataDir: string): string {
  return `${dataDir.replace(/[\\/]+$/, '')}-demo`
}
