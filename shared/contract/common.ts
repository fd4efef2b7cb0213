import { z } from 'zod'

/** A file or folder of the laptop, in full. The command line writes short ones out, from where it stands. */
export const LocalPath = z.string().min(1).max(1000)

/** Input of methods that take none, and output of those that only succeed. */
export const Nothing = z.null()
