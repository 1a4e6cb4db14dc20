import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { KMSClient } from '@aws-sdk/client-kms'

/** What KMS is asked: the operation and the members of the request. */
export interface KmsCall {
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
}

/** A member list is answered as such, a text as the error of that name, `undefined` never. */
export type KmsAnswer = Readonly<Record<string, unknown>> | string | undefined

/** KMS's wire protocol (AWS JSON 1.1) with the answers of a test, and the AWS SDK's client for it. */
export async function scriptedKms(answer: (call: KmsCall) => KmsAnswer) {
  const calls: KmsCall[] = []
  const server = createServer(async (request, response) => {
    const call = await readCall(request)
    calls.push(call)
    const reply = answer(call)
    if (reply === undefined) return
    response.setHeader('content-type', 'application/x-amz-json-1.1')
    response.statusCode = typeof reply === 'string' ? 400 : 200
    response.end(JSON.stringify(typeof reply === 'string' ? { __type: reply } : reply))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const client = new KMSClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  return {
    calls,
    client,
    [Symbol.asyncDispose]: async () => {
      client.destroy()
      server.closeAllConnections()
      server.close()
    },
  }
}

async function readCall(request: IncomingMessage): Promise<KmsCall> {
  const body = (await request.toArray()).join('')
  const operation = String(request.headers['x-amz-target']).replace('TrentService.', '')
  return { operation, input: JSON.parse(body) }
}
