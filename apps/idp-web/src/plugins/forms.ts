import formbody from '@fastify/formbody'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { HttpError } from './http-error.ts'

/** Forms as browsers send them, and nothing else: any other content type is refused with 415. */
export async function forms(app: FastifyInstance): Promise<void> {
  app.removeAllContentTypeParsers()
  await app.register(formbody, { bodyLimit: 16 * 1024 })
}

/** What a form says. One that does not fit was not sent by a page of ours. */
export function parseForm<S extends z.ZodType>(schema: S, { body }: FastifyRequest): z.output<S> {
  const form = schema.safeParse(body ?? {})
  if (!form.success) throw new HttpError(400, 'FORM_MALFORMED')
  return form.data
}

/** For forms that consist of a button. */
export function rejectFields({ body }: FastifyRequest): void {
  if (typeof body === 'object' && body !== null && Object.keys(body).length > 0) {
    throw new HttpError(400, 'FORM_MALFORMED')
  }
}
