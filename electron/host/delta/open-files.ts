import { type FileHandle, open } from 'node:fs/promises'

/** Runs `work` with a way to open files, and closes them after it, each when what is still under way in it has ended. */
export async function withFiles<T>(work: (opening: typeof open) => Promise<T>): Promise<T> {
  const opened: FileHandle[] = []
  try {
    return await work(async (...args) => {
      const file = await open(...args)
      opened.push(file)
      return file
    })
  } finally {
    await Promise.all(opened.map((file) => file.close()))
  }
}
