import { fileURLToPath } from 'node:url'
import { defineConfig } from 'electron-vite'
import { lightHttp } from './light-http.ts'
import { rendererConfig } from './vite.renderer.config.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/** The oldest Node that the headless host and the command line run on; Electron's own is newer. */
const TARGET = 'node22.13'

/** Programs of their own, all from one set of chunks: main process, hosts, worker threads, command line, simulated devices. */
const PROGRAMS = {
  index: path('../electron/main/index.ts'),
  host: path('../electron/host/entry.ts'),
  headless: path('../electron/host/headless.ts'),
  worker: path('../electron/host/worker/worker.ts'),
  cli: path('../electron/cli/index.ts'),
  sim: path('../electron/sim/entry.ts'),
}

/** Speed-ups of `ws` and `ssh2` that are looked for at run time and are not installed. */
const OPTIONAL = ['bufferutil', 'utf-8-validate', 'cpu-features', 'sshcrypto.node']

export default defineConfig({
  main: {
    root: path('..'),
    plugins: [lightHttp()],
    resolve: {
      // By its path it would be found, or not, wherever this was built.
      alias: [{ find: /^.*\/sshcrypto\.node$/, replacement: 'sshcrypto.node' }],
    },
    build: {
      outDir: path('../out/main'),
      emptyOutDir: true,
      target: TARGET,
      // Packages with native code stay outside (`dependencies`); everything else is bundled.
      externalizeDeps: true,
      rolldownOptions: {
        input: PROGRAMS,
        external: OPTIONAL,
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          // Beside the programs, so that `import.meta.dirname` is the same folder in all of them.
          chunkFileNames: '[name]-[hash].js',
        },
      },
    },
  },
  preload: {
    root: path('..'),
    build: {
      outDir: path('../out/preload'),
      emptyOutDir: true,
      externalizeDeps: false,
      rolldownOptions: {
        input: path('../electron/preload/preload.ts'),
        // A sandboxed preload has no module loader but CommonJS's.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: rendererConfig,
})
