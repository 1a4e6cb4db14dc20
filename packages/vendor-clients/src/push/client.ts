import type https from 'node:https'
import got, { type Request } from 'got'
import { type OutboundAgent, wayOf } from '../agent.ts'
import { type Deadline, startDeadline } from '../deadline.ts'
import { createGuard, type GuardOptions } from '../guarded/guard.ts'
import type { VendorError } from '../vendor-error.ts'
import { readAnswer } from './answer.ts'
import { createDoors } from './doors.ts'
import { PushError } from './push-error.ts'
import { type Answer, refusalOf } from './refusal.ts'
import { toPushError } from './to-push-error.ts'

/** Where and how one receiver is pushed to. */
export interface PushTarget {
  /** A name for it: each has connections of its own. */
  readonly receiver: string
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

/** A message as Standard Webhooks 1.0.0 has it, signed before. */
export interface WebhookMessage {
  /** `webhook-id` */
  readonly messageId: string
  /** `webhook-timestamp`: seconds since the epoch. */
  readonly timestamp: number
  /** `webhook-signature` */
  readonly signature: string
  /** JSON; it is sent byte for byte. */
  readonly body: string
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
  /** The same with a webhook. What its receiver writes into an answer means nothing. */
  pushWebhook(target: PushTarget, message: WebhookMessage, options: PushOptions): Promise<Pushed>
  /** Calls off what is under way and closes the connections. */
  close(): void
}

export interface PushClientOptions extends GuardOptions {
  /** The way through the proxy; its authorities hold for receivers that have none of their own. */
  readonly agent: OutboundAgent
}

export function createPushClient({ agent, ...guarding }: PushClientOptions): PushClient {
  const { proxyUrl, ca } = wayOf(agent)
  const guard = createGuard(guarding)
  const doors = createDoors(guard, proxyUrl)
  const closing = new AbortController()

  function prepare(target: PushTarget): { readonly url: URL; readonly door: https.Agent } {
    const url = guard.checkUrl(target.url)
    const door = doors.agentOf(target.receiver, {
      ca: target.ca ?? ca,
      clientCertificate: target.clientCertificate,
      connectTimeoutMs: target.timeoutMs,
    })
    return { url, door }
  }

  async function post(
    target: PushTarget,
    { body, headers, wantsBody }: Message,
    { signal, traceparent }: PushOptions,
  ): Promise<Answer> {
    const either = AbortSignal.any([signal, closing.signal])
    if (either.aborted) throw new PushError('CALL_ABORTED')
    const { url, door } = orPushError(() => prepare(target))
    const all = { ...headers, ...authorizationOf(target), traceparent }
    const call = client.stream(url, { agent: { https: door }, body, headers: all })
    const deadline = startDeadline(target.timeoutMs, either, () => call.destroy(new Error('ended')))
    return answerOf(call, deadline, wantsBody)
  }

  return {
    async push(target, token, options) {
      const message = { body: token, headers: eventHeaders, wantsBody: true }
      return acknowledged(await post(target, message, options))
    },
    async pushWebhook(target, { body, ...message }, options) {
      const headers = {
        'content-type': 'application/json',
        'webhook-id': message.messageId,
        'webhook-timestamp': String(message.timestamp),
        'webhook-signature': message.signature,
      }
      return acknowledged(await post(target, { body, headers, wantsBody: false }, options))
    },
    close() {
      closing.abort()
      doors.close()
    },
  }
}

const client = got.extend({
  method: 'POST',
  headers: { 'user-agent': 'anteroom' },
  // Nothing is asked for packed, and nothing that comes packed is unpacked.
  decompress: false,
  followRedirect: false,
  throwHttpErrors: false,
  retry: { limit: 0 },
  maxHeaderSize: 16_384,
})

interface Message {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  /** Whether what its receiver writes into an answer means anything; otherwise nobody waits for it. */
  readonly wantsBody: boolean
}

/** Exactly these (RFC 8935, section 2.1): some receivers compare the content type letter by letter. */
const eventHeaders = { accept: 'application/json', 'content-type': 'application/secevent+jwt' }

function authorizationOf({ authorization }: PushTarget): { readonly authorization?: string } {
  return authorization === undefined ? {} : { authorization }
}

function acknowledged(answer: Answer): Pushed {
  if (answer.status < 200 || answer.status > 299) throw refusalOf(answer)
  return { status: answer.status }
}

async function answerOf(call: Request, deadline: Deadline, wantsBody: boolean): Promise<Answer> {
  try {
    return await readAnswer(call, { wantsBody })
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
