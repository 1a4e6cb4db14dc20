import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { HttpError } from './http-error.ts'

/**
 * Requests one network address may make. Counted in Redis for all processes together; while Redis is away nobody is
 * locked out by this limit (what is billed has limits of its own, in Postgres).
 */
export async function requestLimit(
  app: FastifyInstance,
  { config, redis }: WebDeps,
): Promise<void> {
  await app.register(rateLimit, {
    max: config.requestsPerWindow,
    timeWindow: config.requestWindowSeconds * 1_000,
    redis,
    nameSpace: 'limit:requests:',
    skipOnError: true,
    keyGenerator: networkOf,
    errorResponseBuilder: () => new HttpError(429, 'TOO_MANY_REQUESTS'),
  })
}

/** One IPv4 address, or the IPv6 network of 64 bits that one household is given. */
export function networkOf({ ip }: { readonly ip: string | undefined }): string {
  // A connection that has ended says no more where it came from.
  if (ip === undefined) throw new HttpError(400, 'REQUEST_GONE')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1]
  if (mapped !== undefined) return mapped
  if (!ip.includes(':')) return ip
  const [head = '', tail] = ip.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0')
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((part) => Number.parseInt(part, 16).toString(16))
    .join(':')
}
