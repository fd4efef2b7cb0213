import type { FileHandle } from 'node:fs/promises'
import { fill } from '../crypto/hash.ts'
import { badDelta } from './bad-delta.ts'

/** Exactly the room's bytes from `position`; a file that is shorter than it said has been exchanged. Throws `sync.bad-delta`. */
export async function readExactly(file: FileHandle | null, room: Uint8Array, position: number): Promise<void> {
  if (room.length > 0 && (file === null || (await fill(file, room, position)) < room.length)) throw badDelta('short')
}
