/** Entry of the host under Electron: a utility process, forked by the main process. */

import { compose } from './compose.ts'
import { type ParentPort, runEntry } from './entry-run.ts'

const { parentPort } = process as unknown as { readonly parentPort: ParentPort }
runEntry(parentPort, { compose, exit: (code) => process.exit(code) })
