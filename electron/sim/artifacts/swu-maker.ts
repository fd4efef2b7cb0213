import { sha256Hex } from '../../host/crypto/hash.ts'

export interface SwuImage {
  readonly name: string
  readonly bytes: Uint8Array
  /** Where the device puts it; none for a package that it sends on. */
  readonly device?: string
  /** A device behind the device, which gets this file as a package of its own. */
  readonly forwardTo?: string
  /** What the description says instead of the true hash, for packages that are meant to be wrong; null: nothing. */
  readonly claimedSha256?: string | null
}

/** A program that the device runs; `type` says when. */
export interface SwuScript {
  readonly name: string
  readonly bytes: Uint8Array
  readonly type: 'preinstall' | 'postinstall'
}

export interface SwuOptions {
  readonly version: string
  readonly hardware: readonly string[]
  readonly description?: string
  readonly images: readonly SwuImage[]
  readonly scripts?: readonly SwuScript[]
  /** A signature over the description, as SWUpdate wants it; none makes an unsigned package. */
  readonly sign?: (description: Uint8Array) => Uint8Array | Promise<Uint8Array>
}

/** Makes a SWUpdate package: cpio in crc format, description first, its signature second. */
export async function makeSwu(options: SwuOptions): Promise<Uint8Array> {
  const description = Buffer.from(swDescription(options), 'utf8')
  const signature = await options.sign?.(description)
  return Buffer.concat([
    entry('sw-description', description),
    ...(signature ? [entry('sw-description.sig', signature)] : []),
    ...[...options.images, ...(options.scripts ?? [])].map(({ name, bytes }) => entry(name, bytes)),
    entry('TRAILER!!!', new Uint8Array()),
  ])
}

function swDescription({ version, hardware, description = '', images, scripts = [] }: SwuOptions): string {
  const list = images.map(
    ({ name, bytes, device, forwardTo, claimedSha256 = sha256Hex(bytes) }) =>
      `    { filename = "${name}"; ${place(device, forwardTo)}${claimedSha256 === null ? '' : ` sha256 = "${claimedSha256}";`} }`,
  )
  const programs = scripts.map(
    ({ name, bytes, type }) => `    { filename = "${name}"; type = "${type}"; sha256 = "${sha256Hex(bytes)}"; }`,
  )
  const scriptList = programs.length === 0 ? '' : `  scripts: (\n${programs.join(',\n')}\n  );\n`
  return `software =
{
  version = "${version}";
  description = "${description}";
  hardware-compatibility: [ ${hardware.map((revision) => `"${revision}"`).join(', ')} ];
  images: (
${list.join(',\n')}
  );
${scriptList}}
`
}

function place(device: string | undefined, forwardTo: string | undefined): string {
  if (forwardTo === undefined) return `device = "${device ?? ''}"; type = "raw";`
  return `type = "swuforward"; properties: { url = [ "${forwardTo}" ]; };`
}

/** One member in crc format: numbers in hex, everything on 4-byte borders. */
function entry(name: string, bytes: Uint8Array): Uint8Array {
  let sum = 0
  for (const byte of bytes) sum = (sum + byte) >>> 0
  const nameSize = Buffer.byteLength(name) + 1
  const numbers = [0, 0o100644, 0, 0, 1, 0, bytes.length, 0, 0, 0, 0, nameSize, sum]
  const head = `070702${numbers.map((number) => number.toString(16).padStart(8, '0')).join('')}${name}\0`
  return Buffer.concat([padded(Buffer.from(head, 'utf8')), padded(bytes)])
}

function padded(bytes: Uint8Array): Uint8Array {
  const size = Math.ceil(bytes.length / 4) * 4
  return Buffer.concat([bytes, Buffer.alloc(size - bytes.length)])
}
