import type { MenuItemConstructorOptions } from 'electron'
import type { MainWords } from './words.ts'

/**
 * Roles only: copying and zooming by keyboard must work, everything else is in the page. Reload and the
 * developer tools are for developers; a reload in the field would be safe but puzzling.
 */
export function menuTemplate(words: MainWords, platform: NodeJS.Platform, dev: boolean): MenuItemConstructorOptions[] {
  const zoom: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' },
  ]
  return [
    ...(platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    {
      label: words.edit,
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    { label: words.view, submenu: dev ? [{ role: 'reload' }, { role: 'toggleDevTools' }, ...zoom] : zoom },
  ]
}
