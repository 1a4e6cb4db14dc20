import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { OpenidParts } from '../../openid/provider.ts'
import { DeliveryRefusal } from './delivery-refusal.ts'
import { listDeliveries } from './delivery-rows.ts'
import { listQuery, replayRequest } from './delivery-schemas.ts'
import { deliveryScope } from './delivery-scope.ts'
import { replayDeliveries } from './replay-deliveries.ts'

const deliveriesRoute = '/api/risc/deliveries'

/** A partner's own events: what became of each, and those that failed once more. */
export async function deliveryRoutes(app: FastifyInstance, parts: OpenidParts): Promise<void> {
  const { deps } = parts
  const rateLimit = { max: deps.config.partnerRequestsPerWindow }
  const config = { anonymous: true, json: true, rateLimit } as const
  await app.register((scope, _options, done) => {
    deliveryScope(scope, parts)
    scope.get(deliveriesRoute, { config }, async (request) => {
      const query = parsed(listQuery, request.query)
      // One more says whether there are more.
      const asked = { ...query, limit: query.limit + 1 }
      const found = await listDeliveries(deps.db, partnerOf(request), asked)
      if (!found) throw new DeliveryRefusal('not_found')
      const deliveries = found.slice(0, query.limit)
      const last = found.length > deliveries.length ? deliveries.at(-1) : undefined
      return { deliveries, after: last?.jti ?? null }
    })
    scope.post(`${deliveriesRoute}/replay`, { config }, async (request) => {
      const partner = partnerOf(request)
      const replayed = await replayDeliveries(deps.db, partner, parsed(replayRequest, request.body))
      if (!replayed) throw new DeliveryRefusal('not_found')
      deps.log.info('security-event.replayed', { partner, count: replayed.replays.length })
      return replayed
    })
    done()
  })
}

/** The hook before every route has seen to it. */
function partnerOf({ eventPartner }: FastifyRequest): string {
  if (eventPartner === undefined) throw new DeliveryRefusal('no_token')
  return eventPartner
}

function parsed<S extends z.ZodType>(schema: S, given: unknown): z.output<S> {
  const { data, success } = schema.safeParse(given)
  if (!success) throw new DeliveryRefusal('invalid_request')
  return data
}
