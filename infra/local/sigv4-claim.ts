import type { IncomingMessage } from 'node:http'
import { SignatureError } from './sigv4-error.ts'

/** The request line, taken apart and decoded once; `/a/b` is ['', 'a', 'b']. */
export interface Target {
  readonly path: readonly string[]
  readonly query: readonly (readonly [name: string, value: string])[]
}

/** What a request says of its own signature. Nothing of it is verified yet. */
export interface Claim {
  readonly presigned: boolean
  readonly accessKeyId: string
  readonly scope: {
    readonly day: string
    readonly region: string
    readonly service: string
    readonly terminator: string
  }
  readonly timestamp: string
  readonly signedAt: number
  /** Only a presigned request says how long it holds. */
  readonly expiresSeconds: number | undefined
  readonly signedHeaders: readonly string[]
  readonly signature: string
  readonly payloadHash: string
}

const sevenDaysSeconds = 604_800

/** Undefined when the request line is not properly percent-encoded. */
export function readTarget(url: string): Target | undefined {
  const [path = '', ...rest] = url.split('?')
  try {
    return {
      path: path.split('/').map(decodeURIComponent),
      query: rest.join('?').split('&').filter(Boolean).map(readPair),
    }
  } catch {
    return undefined
  }
}

function queryValue(target: Target, name: string): string | undefined {
  return target.query.find(([given]) => given === name)?.[1]
}

/** `bodyHash` is the hash of a body already read; without it, as in S3, the request's own word is taken. */
export function readClaim(request: IncomingMessage, target: Target, bodyHash?: string): Claim {
  const authorization = request.headers.authorization
  const presigned = queryValue(target, 'X-Amz-Signature') !== undefined
  if (presigned && authorization !== undefined) throw new SignatureError('TWO_MECHANISMS')

  const token =
    request.headers['x-amz-security-token'] ?? queryValue(target, 'X-Amz-Security-Token')
  if (token !== undefined) throw new SignatureError('TOKEN_UNKNOWN')

  if (!presigned && authorization === undefined) throw new SignatureError('MISSING')
  return authorization === undefined
    ? claimOfQuery(target, bodyHash)
    : claimOfHeaders(request, authorization, bodyHash)
}

function readPair(text: string): readonly [string, string] {
  const at = text.indexOf('=')
  const [name, value] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
  return [decode(name), decode(value)]
}

function decode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '))
}

function claimOfQuery(target: Target, bodyHash?: string): Claim {
  const value = (name: string) => queryValue(target, `X-Amz-${name}`) ?? ''
  const expiresSeconds = Number(value('Expires'))
  const isSound =
    value('Algorithm') === 'AWS4-HMAC-SHA256' &&
    /^\d+$/.test(value('Expires')) &&
    expiresSeconds >= 1 &&
    expiresSeconds <= sevenDaysSeconds
  const claim = claimOf({
    presigned: true,
    credential: value('Credential'),
    timestamp: value('Date'),
    expiresSeconds,
    signedHeaders: value('SignedHeaders'),
    signature: value('Signature'),
    payloadHash: bodyHash ?? queryValue(target, 'X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD',
  })
  if (!isSound || !claim) throw new SignatureError('QUERY_MALFORMED')
  return claim
}

const authorizationForm =
  /^AWS4-HMAC-SHA256 +Credential=([^, ]+), *SignedHeaders=([^, ]+), *Signature=([^, ]+)$/

function claimOfHeaders(request: IncomingMessage, authorization: string, bodyHash?: string): Claim {
  const [, credential = '', signedHeaders = '', signature = ''] =
    authorizationForm.exec(authorization) ?? []
  const payloadHash = bodyHash ?? request.headersDistinct['x-amz-content-sha256']?.[0]
  const claim = claimOf({
    presigned: false,
    credential,
    timestamp: request.headersDistinct['x-amz-date']?.[0] ?? '',
    expiresSeconds: undefined,
    signedHeaders,
    signature,
    payloadHash: payloadHash ?? '',
  })
  if (!claim || payloadHash === undefined) throw new SignatureError('HEADER_MALFORMED')
  return claim
}

interface RawClaim {
  readonly presigned: boolean
  readonly credential: string
  readonly timestamp: string
  readonly expiresSeconds: number | undefined
  readonly signedHeaders: string
  readonly signature: string
  readonly payloadHash: string
}

function claimOf({ credential, signedHeaders, ...raw }: RawClaim): Claim | undefined {
  const [accessKeyId, day, region, service, terminator, ...excess] = credential.split('/')
  const signedAt = instantOf(raw.timestamp)
  if (!accessKeyId || !day || !region || !service || !terminator || excess.length > 0) {
    return undefined
  }
  if (Number.isNaN(signedAt) || !/^[0-9a-f]{64}$/.test(raw.signature)) return undefined

  return {
    ...raw,
    accessKeyId,
    scope: { day, region, service, terminator },
    signedAt,
    signedHeaders: signedHeaders.split(';'),
  }
}

/** `20260131T235959Z` as milliseconds; NaN for anything else. */
function instantOf(timestamp: string): number {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp)
  if (!parts) return Number.NaN
  const [, year, month, day, hour, minute, second] = parts
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}
