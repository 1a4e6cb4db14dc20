import https from 'node:https'

/** Time for the proxy to grant a tunnel, and how long an idle one is kept. Vendors' own keep-alive hints may be shorter. */
const tunnelTimeoutMs = 10_000
const maxIdleTunnels = 1_024

// Not exported: only this file can make an OutboundAgent.
const inner = Symbol('agent')
const way = Symbol('way')

/** The way out. It leads through the proxy, whatever is asked of it. */
export interface OutboundAgent {
  readonly [inner]: https.Agent
  readonly [way]: OutboundAgentOptions
  /** Closes idle and open tunnels. */
  close(): void
}

export interface OutboundAgentOptions {
  /** `http:` or `https:`, with the proxy's credentials in it if it wants any. */
  readonly proxyUrl: string
  /** PEM of the authorities that vendors are verified against, instead of the public ones. */
  readonly ca?: string
}

/**
 * Makes the one agent through which vendors are called, each over a CONNECT tunnel.
 * @throws TypeError when the address is not one of an HTTP proxy: an agent without a proxy would connect directly
 */
export function createOutboundAgent(options: OutboundAgentOptions): OutboundAgent {
  const { ca } = options
  const proxyUrl = normalise(options.proxyUrl)
  const agent = new https.Agent({
    keepAlive: true,
    maxFreeSockets: maxIdleTunnels,
    minVersion: 'TLSv1.2',
    timeout: tunnelTimeoutMs,
    // No NO_PROXY beside it: nothing in the environment can open a way around.
    proxyEnv: { HTTPS_PROXY: proxyUrl },
    ...(ca === undefined ? {} : { ca }),
  })
  return { [inner]: agent, [way]: { ...options, proxyUrl }, close: () => agent.destroy() }
}

export function httpsAgentOf(agent: OutboundAgent): https.Agent {
  return agent[inner]
}

/** For what is not HTTP and makes its tunnels itself. */
export function wayOf(agent: OutboundAgent): OutboundAgentOptions {
  return agent[way]
}

/** Node compares the scheme as written and ignores a proxy whose scheme it does not know; URL writes it in small letters. */
function normalise(proxyUrl: string): string {
  const url = URL.parse(proxyUrl)
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new TypeError('The outbound proxy needs an http: or https: address')
  }
  return url.href
}
