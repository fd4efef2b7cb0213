/**
 * Who may import whom: each row of the table in electron/README.md as a rule. `from` may import
 * itself, the rooms listed, and npm packages that no other room owns.
 */

const OURS = '^(?:shared|electron|renderer|build|test)/'
const host = (...rooms) => rooms.map((room) => `^electron/host/${room}`)

/** [name, the room (a regular expression on paths), what else it may import] */
const ROOMS = [
  ['shared', '^shared/', []],
  ['renderer-ui', '^renderer/ui/', []],
  ['renderer-text', '^renderer/text/', ['^shared/']],
  ['renderer-api', '^renderer/api/', ['^shared/']],
  // What several features show in the same way: refusals, ages, conditions.
  ['renderer-parts', '^renderer/parts/', ['^shared/', '^renderer/(?:api/|ui/|text/|routes|words)']],
  ['main', '^electron/main/', ['^shared/']],
  ['preload', '^electron/preload/', ['^shared/']],
  // The command line is a client like any other; `slipway depot` and `slipway tuf` stand beside it. artifact, replay:
  // what a file is, and what a recording holds, can be told without a host.
  [
    'cli',
    '^electron/cli/',
    ['^shared/', '^electron/(?:depot|tuf)/', '^renderer/text/', ...host('artifact/', 'link/trace/', 'device/replay')],
  ],
  // depot/files: public files are written durably in one way.
  ['tuf', '^electron/tuf/', ['^shared/', '^electron/depot/files', ...host('crypto/', 'trust/', 'sync/')]],
  ['depot', '^electron/depot/', ['^shared/', ...host('crypto/', 'trust/', 'artifact/', 'audit/chain', 'delta/')]],
  // crypto: a simulated device checks hashes and signatures, and its factory makes them.
  ['sim', '^electron/sim/', ['^shared/', ...host('link/', 'protocol/', 'artifact/', 'crypto/')]],
  // crypto: an SSH host key is known by its hash, and so is what an upload that broke off left on a device.
  ['host-link', '^electron/host/link/', ['^shared/', ...host('crypto/')]],
  ['host-http', '^electron/host/http/', ['^shared/']],
  ['host-shell', '^electron/host/shell/', ['^shared/', ...host('crypto/', 'store/private-files')]],
  ['host-crypto', '^electron/host/crypto/', ['^shared/']],
  ['host-store', '^electron/host/store/', ['^shared/']],
  ['host-artifact', '^electron/host/artifact/', ['^shared/', ...host('crypto/')]],
  // crypto: HTTP Digest (SWUpdate) and upload hashes (SMP) are part of those protocols.
  ['host-protocol', '^electron/host/protocol/', ['^shared/', ...host('link/', 'crypto/')]],
  ['host-delta', '^electron/host/delta/', ['^shared/', ...host('crypto/')]],
  ['host-device', '^electron/host/device/', ['^shared/', ...host('protocol/', 'link/', 'artifact/')]],
  ['host-trust', '^electron/host/trust/', ['^shared/', ...host('crypto/')]],
  ['host-audit', '^electron/host/audit/', ['^shared/', ...host('store/', 'crypto/')]],
  ['host-people', '^electron/host/people/', ['^shared/', ...host('store/', 'trust/', 'crypto/', 'audit/')]],
  [
    'host-sync',
    '^electron/host/sync/',
    ['^shared/', ...host('trust/', 'store/', 'audit/', 'crypto/', 'artifact/', 'delta/', 'worker/')],
  ],
  ['host-worker', '^electron/host/worker/', ['^shared/', ...host('crypto/', 'audit/chain', 'delta/')]],
  [
    'host-run',
    '^electron/host/run/',
    ['^shared/', ...host('device/', 'store/', 'audit/', 'trust/', 'people/', 'sync/artifact-store')],
  ],
  ['host-board', '^electron/host/board/', ['^shared/', ...host('run/', 'device/', 'trust/')]],
  ['host-alerts', '^electron/host/alerts/', ['^shared/', ...host('store/', 'audit/recorder')]],
  [
    'host-api',
    '^electron/host/api/',
    [
      '^shared/',
      ...host('alerts/', 'board/', 'run/', 'device/', 'artifact/', 'trust/', 'sync/', 'audit/', 'people/', 'store/'),
    ],
  ],
]

/** [npm package or built-in, the only rooms that may touch it] */
const OWNED_PACKAGES = [
  ['better-sqlite3', '^electron/host/store/'],
  ['usb', '^electron/host/link/'],
  ['serialport', '^electron/host/link/'],
  ['ssh2', '^electron/host/link/'],
  ['bonjour-service', '^electron/host/link/'],
  ['electron', '^electron/(?:main|preload)/'],
  ['@noble/[^/]+', '^electron/host/crypto/'],
  ['age-encryption', '^electron/host/crypto/'],
  ['@scure/[^/]+', '^electron/host/crypto/'],
]

const stay = ([name, room, allowed]) => ({
  name: `room-${name}`,
  comment: `${name} imports only itself${allowed.length > 0 ? ` and ${allowed.join(', ')}` : ''}`,
  severity: 'error',
  from: { path: room },
  to: { path: OURS, pathNot: [room, ...allowed] },
})

const owned = ([pkg, room]) => ({
  name: `package-${pkg.replace(/\W+/g, '-')}`,
  comment: `${pkg} belongs to ${room}`,
  severity: 'error',
  // Tests and benches compare us with the packages themselves.
  from: { path: '^(?:shared|electron|renderer)/', pathNot: room },
  to: { path: `(?:^|/)node_modules/${pkg}/` },
})

module.exports = {
  forbidden: [
    ...ROOMS.map(stay),
    ...OWNED_PACKAGES.map(owned),
    {
      name: 'package-node-crypto',
      comment: 'node:crypto belongs to electron/host/crypto',
      severity: 'error',
      from: { path: '^(?:shared|electron|renderer)/', pathNot: '^electron/host/crypto/' },
      to: { path: '^(?:node:)?crypto$', dependencyTypes: ['core'] },
    },
    {
      name: 'shared-is-platform-free',
      comment: 'shared runs in a page and in the host alike',
      severity: 'error',
      from: { path: '^(?:shared|renderer)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'feature-to-feature',
      comment: 'a feature imports shared, api, parts, ui and text; never another feature',
      severity: 'error',
      from: { path: '^renderer/features/([^/]+)/' },
      to: {
        path: OURS,
        pathNot: ['^renderer/features/$1/', '^shared/', '^renderer/(?:api/|parts/|ui/|text/|routes|words)'],
      },
    },
    {
      name: 'renderer-stays-in-renderer',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: OURS, pathNot: ['^renderer/', '^shared/'] },
    },
    {
      name: 'not-to-test',
      comment: 'nobody imports test',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
    {
      name: 'wiring-is-composes-own',
      comment: "how services are put together is nobody else's business",
      severity: 'error',
      from: { pathNot: ['^electron/host/(?:compose|host\\.ts|wiring/)', '^test/'] },
      to: { path: '^electron/host/wiring/' },
    },
    {
      name: 'compose-is-the-root',
      comment: 'only the entries import compose: it is where services are wired, not a service',
      severity: 'error',
      from: { pathNot: ['^electron/host/(?:compose|entry|headless)', '^electron/cli/', '^test/'] },
      to: { path: '^electron/host/compose' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    {
      name: 'no-unlisted-packages',
      severity: 'error',
      from: { path: '^(?:shared|electron|renderer)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '\\.css$|\\?' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(?:out|release|\\.tsbuild)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
