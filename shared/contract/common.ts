import { z } from 'zod'

/** Input of methods that take none, and output of those that only succeed. */
export const Nothing = z.null()
