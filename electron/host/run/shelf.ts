import { AppError } from '../../../shared/errors.ts'
import type { Image } from '../device/driver.ts'
import type { RunImage } from './images.ts'
import type { ArtifactSource, RunHasher } from './ports.ts'
import { VerifiedFile } from './verified-file.ts'

/** A run's artifacts, verified once in this life of the host and open until the run lets go of them. */
export class ImageShelf {
  readonly #images: readonly RunImage[]
  readonly #source: ArtifactSource
  readonly #hasher: () => RunHasher
  readonly #open = new Map<string, VerifiedFile>()

  constructor(images: readonly RunImage[], source: ArtifactSource, hasher: () => RunHasher) {
    this.#images = images
    this.#source = source
    this.#hasher = hasher
  }

  /** Verifies what is not verified yet. Throws `artifact.missing`, `artifact.corrupt`, `file.unreadable`. */
  async verify(signal: AbortSignal, progress: (image: RunImage, done: number) => void = () => {}): Promise<void> {
    for (const image of this.#images) {
      if (this.#open.has(image.sha256)) continue
      const file = await this.#source.open(image.sha256)
      const report = (done: number) => progress(image, done)
      this.#open.set(image.sha256, await VerifiedFile.open(file, image, this.#hasher, signal, report))
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
      read: (offset, wanted) => {
        const file = this.#open.get(sha256)
        if (!file) throw new AppError('artifact.missing', { detail: { target } })
        return file.read(offset, wanted)
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
