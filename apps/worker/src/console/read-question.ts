import { isJobId } from '@anteroom/operations'
import { z } from 'zod'
import { ConsoleError } from './console-error.ts'

/** What stands behind the question mark, or in a form. */
export function readQuestion<S extends z.ZodType>(schema: S, given: unknown): z.output<S> {
  const { success, data } = schema.safeParse(given)
  if (!success) throw new ConsoleError(400, 'This request cannot be read.')
  return data
}

/** A word to look for. Postgres has no text with a null in it. */
export const word = z
  .string()
  .trim()
  .max(64)
  .regex(/^[^\0]*$/)

/** The job that an address names. */
export function jobIdIn({ id }: { readonly id: string }): string {
  if (isJobId(id)) return id
  throw new ConsoleError(404, 'Nobody knows this job.')
}
