import { once } from 'node:events'
import { Agent, request as ask, createServer } from 'node:http'

/** A load balancer in front of the webs: each request goes to the next of them. */
export interface Balancer {
  add(port: number): void
  /** Sends no more requests there, and waits for those under way. */
  remove(port: number): Promise<void>
  /** What nobody should see: answers of 500 and more, and requests that no web took. */
  readonly troubles: readonly string[]
  /** Requests that were answered. */
  answered(): number
  stop(): Promise<void>
}

export async function startBalancer(port: number): Promise<Balancer> {
  const webs: { readonly port: number; open: number }[] = []
  const agent = new Agent({ keepAlive: true })
  const troubles: string[] = []
  let turn = 0
  let answered = 0

  const server = createServer((incoming, outgoing) => {
    turn += 1
    const web = webs[turn % webs.length]
    if (!web) {
      troubles.push(`${incoming.url}: no web`)
      outgoing.writeHead(502).end()
      return
    }
    web.open += 1
    outgoing.once('close', () => {
      web.open -= 1
    })
    const { method, url, headers } = incoming
    const onward = ask({ agent, host: '127.0.0.1', port: web.port, method, path: url, headers })
    onward.on('response', (answer) => {
      const { statusCode = 502 } = answer
      answered += 1
      if (statusCode >= 500) troubles.push(`${method} ${url}: ${statusCode}`)
      outgoing.writeHead(statusCode, answer.rawHeaders)
      answer.pipe(outgoing)
    })
    onward.on('error', (error) => {
      troubles.push(`${method} ${url}: ${error.message}`)
      outgoing.destroy()
    })
    incoming.pipe(onward)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')

  return {
    troubles,
    answered: () => answered,
    add: (at) => void webs.push({ port: at, open: 0 }),
    async remove(at) {
      const index = webs.findIndex((web) => web.port === at)
      const [gone] = webs.splice(index, 1)
      while (gone && gone.open > 0) await new Promise((resolve) => setTimeout(resolve, 10))
    },
    async stop() {
      agent.destroy()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
