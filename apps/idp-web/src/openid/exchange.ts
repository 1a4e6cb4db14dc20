import { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { HttpError } from '../plugins/http-error.ts'
import { withoutLists } from './verified-request.ts'
import { nameVisitor, type Visitor } from './visitors.ts'
import { withoutHints } from './without-hints.ts'

/** A request and its answer as the provider, which knows only Node's own, takes and gives them. */
export interface ProviderExchange {
  readonly incoming: IncomingMessage
  readonly outgoing: KeptResponse
}

/**
 * A copy of the request for the provider. Its address is the public one, whatever the `Host` header or a proxy says, and
 * its body is unread, as the provider wants it.
 */
export function exchangeOf(
  request: FastifyRequest,
  visitor: Visitor,
  publicUrl: string,
): ProviderExchange {
  const incoming = new IncomingMessage(request.raw.socket)
  const { host, protocol } = new URL(publicUrl)
  incoming.method = request.method
  incoming.url = withoutListsInQuery(request.url)
  incoming.httpVersionMajor = 1
  incoming.headers = {
    ...request.headers,
    host,
    'x-forwarded-host': host,
    'x-forwarded-proto': protocol.slice(0, -1),
  }
  if (request.method === 'POST') {
    const body = Buffer.from(formOf(request.body))
    incoming.headers['content-length'] = String(body.length)
    incoming.push(body)
  }
  incoming.push(null)
  // Otherwise its end would be taken for a sender's giving up, and close the connection.
  incoming.complete = true
  nameVisitor(incoming, visitor)
  return { incoming, outgoing: new KeptResponse(incoming) }
}

function withoutListsInQuery(url: string): string {
  const begin = url.indexOf('?') + 1
  if (begin === 0) return url
  return `${url.slice(0, begin)}${mapClaims(new URLSearchParams(url.slice(begin)))}`
}

/** The form as it came, in its order; a field that came twice is there twice, for the provider to refuse. */
function formOf(body: unknown): string {
  if (typeof body !== 'object' || body === null) return ''
  const fields = Object.entries(body).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, String(one)]),
  )
  return mapClaims(new URLSearchParams(fields)).toString()
}

function mapClaims(parameters: URLSearchParams): URLSearchParams {
  return new URLSearchParams(
    [...withoutHints(parameters)].map(([name, value]): [string, string] => [
      name,
      name === 'claims' ? withoutLists(value) : value,
    ]),
  )
}

/** Keeps what the provider answers, so that it goes out the way every answer of ours does. */
class KeptResponse extends ServerResponse {
  body = ''

  override end(...[chunk]: readonly unknown[]): this {
    if (typeof chunk === 'string') this.body = chunk
    if (Buffer.isBuffer(chunk)) this.body = chunk.toString('utf8')
    return super.end()
  }
}

/** Sends what the provider answered. Its session cookie is left out: its sessions are ours, and found by our cookie. */
export function sendKept(
  reply: FastifyReply,
  outgoing: KeptResponse,
  sessionCookie: string,
): FastifyReply {
  const { 'set-cookie': cookies, 'content-length': _length, ...headers } = outgoing.getHeaders()
  const kept = [cookies ?? []]
    .flat()
    .map(String)
    .filter(
      (cookie) =>
        !cookie.startsWith(`${sessionCookie}=`) && !cookie.startsWith(`${sessionCookie}.sig=`),
    )
  if (outgoing.statusCode >= 500) throw new HttpError(500, 'OPENID_FAILED')
  reply.code(outgoing.statusCode).headers(headers)
  if (kept.length > 0) reply.header('set-cookie', kept)
  return reply.send(outgoing.body)
}
