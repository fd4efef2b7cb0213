import type { ArtifactKind } from '../../../shared/model/artifact.ts'
import { DFUSE_SIGNATURE } from './dfu/dfuse.ts'
import { readDfuSuffix } from './dfu/suffix.ts'
import { isMcuboot } from './mcuboot/header.ts'
import type { ArtifactSource } from './source.ts'
import { isSquashfs } from './squashfs/superblock.ts'

const SNIFFED = 512

/**
 * What kind of file this is, by its own marks alone: names lie. `raw` when it carries no mark. Nothing is verified;
 * the kind's reader does that.
 */
export async function identify(source: ArtifactSource): Promise<ArtifactKind> {
  const head = Buffer.from(await source.read(0, Math.min(SNIFFED, source.length)))
  const starts = head.toString('latin1')
  const suffix = await readDfuSuffix(source)
  if (suffix) return starts.startsWith(DFUSE_SIGNATURE) ? 'dfuse' : 'dfu'
  if (await isMcuboot(source)) return 'mcuboot'
  if (await isSquashfs(source)) return 'rauc'
  if (/^07070[12]/.test(starts)) return 'swu'
  if (starts.startsWith('version\0') && starts.slice(257, 262) === 'ustar') return 'mender'
  if (starts.startsWith('UF2\n')) return 'uf2'
  if (/^:[0-9A-Fa-f]{10}/.test(starts)) return 'intel-hex'
  return /^S[0-9][0-9A-Fa-f]{6}/.test(starts) ? 'srec' : 'raw'
}
