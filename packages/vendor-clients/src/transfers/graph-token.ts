import type https from 'node:https'
import { z } from 'zod'
import { exchange, readJson, refusalOf } from './exchange.ts'
import type { TransferCall } from './source.ts'
import { TransferError } from './transfer-error.ts'

export interface GraphTokenOptions {
  /** `https://login.microsoftonline.com`, or that of a national cloud. */
  readonly loginUrl: string
  readonly graphUrl: string
  readonly tenant: string
  readonly clientId: string
  readonly clientSecret: string
  readonly agent: https.Agent
  readonly idleMs: number
}

const answer = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() })

/** Before it runs out, so that no request comes too late with it. */
const marginMs = 5 * 60_000

/** The access token of an application for itself (client credentials); fetched when it is needed, kept until it has nearly run out. */
export function createGraphToken(options: GraphTokenOptions) {
  let kept = { token: '', until: 0 }

  async function fetchToken(call: TransferCall): Promise<typeof kept> {
    const { loginUrl, graphUrl, tenant, clientId, clientSecret, agent, idleMs } = options
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: `${new URL(graphUrl).origin}/.default`,
    })
    const url = new URL(`${loginUrl}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`)
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const asked = { side: 'destination', method: 'POST', agent, idleMs } as const
    const told = await exchange({ ...asked, url, headers, body: form.toString() }, call)
    if (told.status !== 200) throw refusalOf(told)
    const { data } = answer.safeParse(await readJson(told, idleMs))
    if (!data) throw new TransferError('destination-unreachable', { cause: 'TOKEN' })
    return { token: data.access_token, until: Date.now() + data.expires_in * 1000 - marginMs }
  }

  return {
    async get(call: TransferCall): Promise<string> {
      if (kept.until <= Date.now()) kept = await fetchToken(call)
      return kept.token
    },
    /** It was refused. */
    forget() {
      kept = { token: '', until: 0 }
    },
  }
}
