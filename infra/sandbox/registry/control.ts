import type { IncomingMessage, ServerResponse } from 'node:http'
import { parse, parseJson, readBody } from '../admission.ts'
import { Refusal } from '../refusal.ts'
import { sendJson } from '../replies.ts'
import { type Registry, registryBehaviour } from './registry.ts'

export const controlPath = '/sandbox/registry'

/** Shows how the registry behaves and what has arrived, and changes it: `PUT` with the members that are to change. */
export async function controlRegistry(
  registry: Registry,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === 'PUT') {
    const changes = parseJson(await readBody(request))
    registry.change(parse(registryBehaviour, Object.assign({}, registry.behaviour(), changes)))
  } else if (request.method !== 'GET') {
    throw new Refusal(405, 'method_not_allowed')
  }
  sendJson(response, 200, { ...registry.behaviour(), arrivals: registry.arrivals() })
}
