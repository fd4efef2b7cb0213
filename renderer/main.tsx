import '@oicl/openbridge-webcomponents/dist/openbridge.css'
import './ui/styles/tokens.css'
import './ui/styles/base.css'
import { createRoot } from 'react-dom/client'
import { keepConnected } from './api/connection.ts'
import { HostProvider } from './api/host.tsx'
import { createWatches } from './api/watches.ts'
import { findHost } from './api/wires.ts'
import { App } from './app.tsx'
import { applyDisplay, rememberedDisplay } from './frame/display.ts'

const display = rememberedDisplay(localStorage)
applyDisplay(document, localStorage, display)

const connection = keepConnected(findHost(window))
const host = { connection: connection.store, watches: createWatches(connection.store, () => performance.now()) }

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <HostProvider host={host}>
      <App display={display} />
    </HostProvider>,
  )
}
