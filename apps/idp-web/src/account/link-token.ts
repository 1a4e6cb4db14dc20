import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { HttpError } from '../plugins/http-error.ts'
import { idPattern } from '../random-id.ts'
import { linkGonePage } from './pages/email-link.ts'
import type { Exchange } from './signed-in.ts'

const params = z.object({ token: z.string().regex(idPattern) })

/**
 * What a link in an e-mail carries. Its route is logged without it, and the page it leads to is never named as where
 * somebody came from: neither to our own pages, nor to whoever stands before them.
 */
export function tokenOf({ request, reply }: Exchange): string {
  reply.header('referrer-policy', 'strict-origin')
  const parsed = params.safeParse(request.params)
  if (!parsed.success) throw new HttpError(404, 'LINK_MALFORMED')
  return parsed.data.token
}

export function sendLinkGone(reply: FastifyReply): FastifyReply {
  return reply.code(410).page(linkGonePage)
}
