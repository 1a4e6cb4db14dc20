import Fastify from 'fastify'

/** `cut`: the connection goes before anything is stored. `mute`: it is stored, and the answer is lost. `hold`: no answer until `release`. */
export type PutCondition = 'cut' | 'mute' | 'hold' | 'expired' | 'refused' | 'busy'

/** Stands for S3, with the answers that a test wants. */
export interface CaptureBucket {
  readonly url: string
  readonly stored: Map<string, Buffer>
  /** How the next uploads go, in order; after these all go well. */
  readonly conditions: PutCondition[]
  /** Uploads so far, whatever became of them. */
  puts(): number
  release(): void
  reset(): void
  stop(): Promise<void>
}

export async function startBucket(): Promise<CaptureBucket> {
  const stored = new Map<string, Buffer>()
  const conditions: PutCondition[] = []
  const held: (() => void)[] = []
  let puts = 0
  const release = () => {
    for (const go of held.splice(0)) go()
  }

  const app = Fastify({ bodyLimit: 64 * 1024 * 1024, forceCloseConnections: true })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'access-control-allow-origin': request.headers.origin ?? '',
      'access-control-allow-methods': 'PUT',
      'access-control-allow-headers': 'content-type, if-none-match',
    })
  })
  app.options('/:id', (_request, reply) => reply.send())
  app.put<{ Params: { id: string } }>('/:id', async (request, reply) => {
    const { id } = request.params
    puts += 1
    const condition = conditions.shift()
    if (condition === 'hold') await new Promise<void>((resolve) => held.push(resolve))
    if (condition === 'cut') return reply.hijack().raw.destroy()
    const status = condition && statuses[condition]
    if (status) return reply.code(status).send()
    if (stored.has(id)) return reply.code(412).send()
    const isAsSigned =
      request.headers['content-type'] === 'application/octet-stream' &&
      request.headers['if-none-match'] === '*'
    if (!isAsSigned || !Buffer.isBuffer(request.body)) return reply.code(403).send()
    stored.set(id, request.body)
    if (condition === 'mute') return reply.hijack().raw.destroy()
    return reply.send()
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })

  return {
    url,
    stored,
    conditions,
    puts: () => puts,
    release,
    reset() {
      release()
      stored.clear()
      conditions.length = 0
      puts = 0
    },
    async stop() {
      release()
      await app.close()
    },
  }
}

const statuses: Partial<Record<PutCondition, number>> = { expired: 403, refused: 405, busy: 503 }
