import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createQuickXorHash } from '@anteroom/vendor-clients'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { conflictBehaviours, type Drive } from './drive.ts'
import { GraphError } from './graph-error.ts'

/** Where somebody who may do so wants a file. */
interface Place {
  readonly drive: Drive
  readonly options: { readonly directory: string }
  readonly folder: string
  readonly name: string
  readonly action: string
}

/** A file in one request. Graph takes larger ones too; here it is for those that no upload session takes. */
export function contentRoute(
  app: FastifyInstance,
  admitted: (request: FastifyRequest) => Place,
): void {
  app.put('/v1.0/drives/:drive/*', async (request, reply) => {
    const { drive, options, folder, name, action } = admitted(request)
    const chunks: Uint8Array[] = []
    for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) chunks.push(chunk)
    if (action !== 'content' || chunks.length > 0) throw new GraphError(400, 'invalidRequest')
    const { '@microsoft.graph.conflictBehavior': conflict } = contentQuery.parse(request.query)
    const file = join(options.directory, `empty-${randomBytes(12).toString('base64url')}`)
    await writeFile(file, '')
    const quickXorHash = createQuickXorHash().digest()
    const item = await drive.add({ folder, name, conflict, size: 0, quickXorHash, file })
    return reply.code(201).send({ id: item.id, name: item.name, size: 0 })
  })
}

const contentQuery = z.object({
  '@microsoft.graph.conflictBehavior': z.enum(conflictBehaviours).default('replace'),
})
