import { AppError } from '../../../shared/errors.ts'
import type { Image } from '../device/driver.ts'
import type { RunImage } from './images.ts'
import type { ArtifactFile, ArtifactSource } from './ports.ts'

/**
 * A run's artifacts, each verified whole once in this life of the host and open until the run lets go of
 * it. While it is open every block is verified again as it goes out.
 */
export class ImageShelf {
  readonly #images: readonly RunImage[]
  readonly #source: ArtifactSource
  readonly #open = new Map<string, ArtifactFile>()

  constructor(images: readonly RunImage[], source: ArtifactSource) {
    this.#images = images
    this.#source = source
  }

  /** Opens what is not open yet. Throws `artifact.missing`, `artifact.corrupt`, `file.unreadable`. */
  async verify(signal: AbortSignal, progress: (done: number, total: number) => void = () => {}): Promise<void> {
    for (const [index, { sha256, length, target }] of this.#images.entries()) {
      progress(index, this.#images.length)
      if (this.#open.has(sha256)) continue
      const file = await this.#source.open(sha256, signal)
      this.#open.set(sha256, file)
      if (file.length === length) continue
      await this.drop(index)
      throw new AppError('artifact.corrupt', { detail: { target, found: file.length } })
    }
  }

  /** Lets go of one that turned out bad, so that the next look reads it anew. */
  async drop(index: number): Promise<void> {
    const image = this.#images[index]
    const file = image && this.#open.get(image.sha256)
    if (!image || !file) return
    this.#open.delete(image.sha256)
    await file.close()
  }

  /** As drivers take it. Its bytes can be read only after `verify`. */
  image(index: number): Image {
    const image = this.#images[index]
    if (!image) throw new AppError('internal', { detail: { image: index } })
    const { component, target, version, length, sha256, permanent, facts } = image
    return {
      component,
      index: image.index,
      name: target,
      version,
      length,
      sha256,
      deviceHash: facts.deviceHash,
      facts,
      permanent,
      read: async (offset, wanted, into) => {
        const file = this.#open.get(sha256)
        if (!file) throw new AppError('artifact.missing', { detail: { target } })
        return await file.read(offset, wanted, into)
      },
    }
  }

  all(): readonly Image[] {
    return this.#images.map((_, index) => this.image(index))
  }

  async close(): Promise<void> {
    const files = [...this.#open.values()]
    this.#open.clear()
    await Promise.all(files.map((file) => file.close()))
  }
}
