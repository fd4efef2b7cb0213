#!/usr/bin/env node
/** `npx slipway ...`: the command line, built on first use. */

import { ensureNode } from './node-runtime.mjs'

await ensureNode(import.meta.url)
const { buildIfStale } = await import('./launcher/build.ts')
if (await buildIfStale()) await import('../out/main/cli.js')
else process.exitCode = 1
