import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type UserConfig } from 'vite'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/** The page, wherever it is shown: in Electron's window, or in a browser beside a headless host. */
export const rendererConfig = {
  root: path('../renderer'),
  // Relative addresses work under `app://slipway/` and under `http://127.0.0.1:PORT/` alike.
  base: './',
  plugins: [react()],
  build: {
    outDir: path('../out/renderer'),
    emptyOutDir: true,
    // Debian stable, Edge and Chrome of the last two years; Electron's own is newer.
    target: 'chrome120',
    minify: 'oxc',
    // The page's policy forbids inline scripts and data: fonts.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // OpenBridge is one large design system; its own chunk keeps the first paint's code small.
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      input: path('../renderer/index.html'),
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](?:react|react-dom|scheduler|zustand)[\\/]/ },
            { name: 'openbridge', test: /node_modules[\\/](?:@oicl|lit|lit-html|lit-element|@lit)[\\/]/ },
          ],
        },
      },
    },
  },
} satisfies UserConfig

export default defineConfig(rendererConfig)
