import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import https from 'node:https'
import { pipeline } from 'node:stream/promises'
import { serve } from '../harness/serve.ts'

/** `curl | curl`: one answer's body as another request's, straight there, unread. */

interface Pipe {
  readonly ca: string
  readonly from: number
  readonly to: number
  readonly path: string
  /** Whom the two certificates name. */
  readonly names: { readonly from: string; readonly to: string }
}

const calls = {
  /** Seconds. */
  async pipe({ ca, from, to, path, names }: Pipe): Promise<number> {
    const startedAt = performance.now()
    const local = { host: '127.0.0.1', ca, agent: false } as const
    const get = https.get({ ...local, port: from, path: '/permit.pdf', servername: names.from })
    const [body] = (await once(get, 'response')) as [IncomingMessage]
    const headers = { 'content-length': body.headers['content-length'] }
    const put = https.request({
      ...{ ...local, method: 'PUT', port: to, path, servername: names.to, headers },
    })
    const answered = once(put, 'response')
    await pipeline(body, put)
    const [answer] = (await answered) as [IncomingMessage]
    if (answer.statusCode !== 201) throw new Error(`The file was answered ${answer.statusCode}`)
    answer.resume()
    return (performance.now() - startedAt) / 1000
  },
}

export type BarePipeCalls = typeof calls

serve(calls)
