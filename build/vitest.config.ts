import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('..', import.meta.url))

const lane = (name: string, folders: string[], options: { testTimeout: number; fileParallelism?: boolean }) => ({
  root,
  test: {
    name,
    include: folders.map((folder) => `test/${folder}/**/*.test.{ts,tsx}`),
    environment: 'node' as const,
    hookTimeout: 120_000,
    // A machine that stands still for a moment is not a broken product: once more, and the summary names it. A property
    // that was found false stays false, whatever the next throw of the dice says.
    retry: { count: 1, condition: /^(?!Property failed)/ },
    // What is waited for comes, also on a machine that is busy with something else: only a failure takes this long.
    expect: { poll: { timeout: 45_000 } },
    // The programs that tests start over and over, from the sources, compile these once.
    env: { NODE_COMPILE_CACHE: `${root}test-results/compile-cache` },
    ...options,
  },
})

/** One project a lane; `npm test` runs them in this order. */
export default defineConfig({
  root,
  test: {
    // The default leaves one core alone, which on two cores is half of them.
    maxWorkers: '100%',
    projects: [
      lane('unit', ['unit', 'property', 'contract'], { testTimeout: 120_000 }),
      // Whole hosts, real processes and real clocks: one file at a time, or they starve each other.
      lane('integration', ['integration'], { testTimeout: 120_000, fileParallelism: false }),
      lane('e2e', ['e2e'], { testTimeout: 120_000, fileParallelism: false }),
      lane('peers', ['peers'], { testTimeout: 120_000, fileParallelism: false }),
    ],
  },
})
