import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '../harness/serve.ts'

/** A vendor that knows everybody and answers after a fixed time, over plain HTTP. */

let delayMs = 0
let open = 0
let mostOpen = 0

const answer = JSON.stringify({ transaction_id: 'bench', result: 'match' })

const server = createServer((request, response) => {
  open += 1
  mostOpen = Math.max(mostOpen, open)
  request.resume()
  request.once('end', () => {
    const reply = () => {
      open -= 1
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer)
    }
    if (delayMs === 0) reply()
    else setTimeout(reply, delayMs)
  })
})
server.keepAliveTimeout = 60_000
server.listen({ port: 0, host: '127.0.0.1', backlog: 2_048 })
await once(server, 'listening')

const calls = {
  // A server that listens on a port has the address of one.
  url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  answerAfter(ms: number) {
    delayMs = ms
    mostOpen = 0
  },
  mostOpen: () => mostOpen,
}

export type VendorStubCalls = typeof calls

serve(calls)
