import formbody from '@fastify/formbody'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HttpError } from './http-error.ts'

/** Forms as browsers send them, and nothing else: any other content type is refused with 415. */
export async function forms(app: FastifyInstance): Promise<void> {
  app.removeAllContentTypeParsers()
  await app.register(formbody, { bodyLimit: 16 * 1024 })
}

/** For forms that consist of a button. */
export function rejectFields({ body }: FastifyRequest): void {
  if (typeof body === 'object' && body !== null && Object.keys(body).length > 0) {
    throw new HttpError(400, 'FORM_MALFORMED')
  }
}
