import type https from 'node:https'
import got, { type Request } from 'got'
import { type OutboundAgent, wayOf } from '../agent.ts'
import { startDeadline } from '../deadline.ts'
import { createGuard, type GuardOptions } from '../guarded/guard.ts'
import type { VendorError } from '../vendor-error.ts'
import { readAnswer } from './answer.ts'
import { createDoors } from './doors.ts'
import { PushError } from './push-error.ts'
import { type Answer, refusalOf } from './refusal.ts'
import { toPushError } from './to-push-error.ts'

/** Where and how one partner is pushed to. */
export interface PushTarget {
  /** The partner's id: each has connections of its own. */
  readonly partner: string
  readonly url: string
  /** The value of the Authorization header, opened. */
  readonly authorization?: string | undefined
  /** PEM of the authorities that its certificate is verified against, instead of the ones that hold for all others. */
  readonly ca?: string | undefined
  /** PEM of the certificate by which it knows us. */
  readonly clientCertificate?: { readonly cert: string; readonly key: string } | undefined
  /** From looking up its name to the last byte of its answer. */
  readonly timeoutMs: number
}

export interface PushOptions {
  /** Calls the push off. */
  readonly signal: AbortSignal
  readonly traceparent: string
}

export interface Pushed {
  /** 200 to 299. RFC 8935 wants 202; the others are taken for the same. */
  readonly status: number
}

export interface PushClient {
  /**
   * Posts one Security Event Token (RFC 8935, section 2): one try, no redirect, no repetition. A 2xx is an acknowledgement also
   * when its body does not come to an end.
   * @throws PushError, and nothing else
   */
  push(target: PushTarget, token: string, options: PushOptions): Promise<Pushed>
  /** Calls off what is under way and closes the connections. */
  close(): void
}

export interface PushClientOptions extends GuardOptions {
  /** The way through the proxy; its authorities hold for partners that have none of their own. */
  readonly agent: OutboundAgent
}

export function createPushClient({ agent, ...guarding }: PushClientOptions): PushClient {
  const { proxyUrl, ca } = wayOf(agent)
  const guard = createGuard(guarding)
  const doors = createDoors(guard, proxyUrl)
  const closing = new AbortController()

  function prepare(target: PushTarget): { readonly url: URL; readonly door: https.Agent } {
    const url = guard.checkUrl(target.url)
    const door = doors.agentOf(target.partner, {
      ca: target.ca ?? ca,
      clientCertificate: target.clientCertificate,
      connectTimeoutMs: target.timeoutMs,
    })
    return { url, door }
  }

  return {
    async push(target, token, { signal, traceparent }) {
      const either = AbortSignal.any([signal, closing.signal])
      if (either.aborted) throw new PushError('CALL_ABORTED')
      const { url, door } = orPushError(() => prepare(target))
      const headers = headersOf(target, traceparent)
      const call = client.stream(url, { agent: { https: door }, body: token, headers })
      const answer = await answerOf(call, target.timeoutMs, either)
      if (answer.status < 200 || answer.status > 299) throw refusalOf(answer)
      return { status: answer.status }
    },
    close() {
      closing.abort()
      doors.close()
    },
  }
}

const client = got.extend({
  method: 'POST',
  // Exactly these (RFC 8935, section 2.1): some receivers compare the content type letter by letter.
  headers: {
    accept: 'application/json',
    'content-type': 'application/secevent+jwt',
    'user-agent': 'anteroom',
  },
  // Nothing is asked for packed, and nothing that comes packed is unpacked.
  decompress: false,
  followRedirect: false,
  throwHttpErrors: false,
  retry: { limit: 0 },
  maxHeaderSize: 16_384,
})

function headersOf({ authorization }: PushTarget, traceparent: string): Record<string, string> {
  return { traceparent, ...(authorization === undefined ? {} : { authorization }) }
}

async function answerOf(call: Request, timeoutMs: number, signal: AbortSignal): Promise<Answer> {
  const deadline = startDeadline(timeoutMs, signal, () => call.destroy(new Error('ended')))
  try {
    return await readAnswer(call)
  } catch (error) {
    // got's errors hold the request with the token: none leaves this function.
    throw ofDeadline(deadline.passed()) ?? toPushError(error)
  } finally {
    deadline.stop()
  }
}

function ofDeadline(reason: VendorError | undefined): PushError | undefined {
  if (!reason) return undefined
  return new PushError(reason.code === 'CALL_ABORTED' ? 'CALL_ABORTED' : 'PUSH_TIMEOUT')
}

function orPushError<T>(prepare: () => T): T {
  try {
    return prepare()
  } catch (error) {
    throw toPushError(error)
  }
}
