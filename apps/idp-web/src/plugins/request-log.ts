import { randomUUID } from 'node:crypto'
import { newTraceparent, traceIdOf } from '@anteroom/runtime'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** W3C Trace Context of this request; it goes with the job to the worker and on to the vendors. */
    readonly traceparent: string
  }
  interface FastifyContextConfig {
    /** The route answers a script: its errors are JSON. */
    json?: boolean
    /** The route is asked so often that its requests are measured but not logged. */
    quiet?: boolean
    /** The route is the same for everybody: no cookie is looked at. */
    anonymous?: boolean
    /** The page is shown also while sessions cannot be read. */
    sessionOptional?: boolean
  }
}

export const newRequestId = (): string => randomUUID()

/** A trace of our own for each request, whatever the client sent, and one line and one measurement for each answer. */
export function requestLog(app: FastifyInstance, { config, log, metrics }: WebDeps): void {
  const traceparents = new WeakMap<FastifyRequest, string>()
  // Made when it is first asked for: a poll, of which there are very many, never asks.
  app.decorateRequest('traceparent', {
    getter() {
      const traceparent = traceparents.get(this) ?? newTraceparent()
      traceparents.set(this, traceparent)
      return traceparent
    },
  })
  app.addHook('onResponse', (request, reply, done) => {
    done()
    const route = request.routeOptions.url ?? 'unknown'
    const { method } = request
    const { statusCode: status, elapsedTime } = reply
    metrics.observe(
      'http_request_duration_seconds',
      { route, method, code: String(status) },
      elapsedTime / 1000,
    )
    if (!config.requestLog || request.routeOptions.config.quiet === true) return
    log.info('request.done', {
      requestId: request.id,
      traceId: traceIdOf(request.traceparent),
      route,
      method,
      status,
      durationMs: Math.round(elapsedTime),
    })
  })
}
