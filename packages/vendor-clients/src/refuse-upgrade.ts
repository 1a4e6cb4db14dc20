import type { ClientRequest } from 'node:http'

/**
 * Nobody asks for another protocol. Where nobody listens, Node closes the connection of an answer that changes it and says no more:
 * whoever waits for an answer or an error waits for ever.
 */
export function refuseUpgrade(request: ClientRequest): void {
  request.once('upgrade', (_, socket) => {
    socket.destroy()
    request.destroy(new Error('upgrade'))
  })
}
