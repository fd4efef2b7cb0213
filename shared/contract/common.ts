import { z } from 'zod'

/** A file or folder of the laptop, in full. The command line writes short ones out, from where it stands. */
export const LocalPath = z.string().min(1).max(1000)

/** Rows in one page of a long list. */
export const MAX_PAGE = 200

/** Which part of a long list: `count` rows from the one at `from`, of those in which every word is found. */
export const PageWish = z.object({
  words: z.string().max(100).default(''),
  from: z.int().min(0).default(0),
  count: z.int().min(1).max(MAX_PAGE).default(50),
})

/** Input of methods that take none, and output of those that only succeed. */
export const Nothing = z.null()
