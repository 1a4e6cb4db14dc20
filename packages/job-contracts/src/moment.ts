import { z } from 'zod'

/** Milliseconds since the epoch, as far as a Date reaches (ECMA-262 §21.4.1.1); Postgres reaches further. */
export const moment = z.number().int().nonnegative().max(8_640_000_000_000_000)
