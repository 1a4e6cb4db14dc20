import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { AwsPrincipal } from './aws-principals.ts'
import { type Claim, readClaim, type Target } from './sigv4-claim.ts'
import { SignatureError } from './sigv4-error.ts'

export interface SignatureRules {
  readonly service: 's3' | 'kms'
  readonly region: string
  readonly principals: readonly AwsPrincipal[]
  /** Hash of the body where it is read before the signature is verified; S3 streams and checks it later. */
  readonly bodyHash?: string
}

export interface VerifiedRequest {
  readonly principal: AwsPrincipal
  /** In a presigned request, signed query parameters stand for headers. */
  readonly presigned: boolean
  /** The payload hash that was signed: hex SHA-256, or a word such as UNSIGNED-PAYLOAD. The body is still to be checked. */
  readonly payloadHash: string
}

const allowedSkewMs = 15 * 60 * 1000

/**
 * Verifies AWS Signature Version 4, in headers or presigned in the query, as AWS does:
 * scope, time, that every x-amz- header is covered, and the signature. Throws a SignatureError.
 */
export function verifySignature(
  request: IncomingMessage,
  target: Target,
  rules: SignatureRules,
): VerifiedRequest {
  const claim = readClaim(request, target, rules.bodyHash)
  checkScope(claim, rules)
  const principal = rules.principals.find((one) => one.accessKeyId === claim.accessKeyId)
  if (!principal) throw new SignatureError('KEY_UNKNOWN')

  checkTime(claim, Date.now())
  checkCoverage(request, claim)
  const expected = sign(request, { target, claim, rules, secret: principal.secretAccessKey })
  if (!timingSafeEqual(expected, Buffer.from(claim.signature, 'hex'))) {
    throw new SignatureError('MISMATCH')
  }
  return { principal, presigned: claim.presigned, payloadHash: claim.payloadHash }
}

export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

function checkScope(claim: Claim, rules: SignatureRules): void {
  const { day, region, service, terminator } = claim.scope
  const isRight =
    region === rules.region &&
    service === rules.service &&
    terminator === 'aws4_request' &&
    claim.timestamp.startsWith(`${day}T`)
  if (!isRight) throw new SignatureError(claim.presigned ? 'QUERY_MALFORMED' : 'SCOPE_WRONG')
}

function checkTime(claim: Claim, now: number): void {
  const skew = now - claim.signedAt
  if (claim.expiresSeconds === undefined) {
    if (Math.abs(skew) > allowedSkewMs) throw new SignatureError('TIME_SKEWED')
    return
  }
  if (skew > claim.expiresSeconds * 1000) throw new SignatureError('EXPIRED')
  if (-skew > allowedSkewMs) throw new SignatureError('NOT_YET_VALID')
}

function checkCoverage(request: IncomingMessage, claim: Claim): void {
  const covered = new Set(claim.signedHeaders)
  const needed = Object.keys(request.headers).filter((name) => name.startsWith('x-amz-'))
  if (![...needed, 'host'].every((name) => covered.has(name))) {
    throw new SignatureError('HEADER_UNSIGNED')
  }
}

interface Signing {
  readonly target: Target
  readonly claim: Claim
  readonly rules: SignatureRules
  readonly secret: string
}

function sign(request: IncomingMessage, { target, claim, rules, secret }: Signing): Buffer {
  const canonicalRequest = [
    request.method,
    target.path.map(awsEncode).join('/'),
    canonicalQuery(target.query),
    ...claim.signedHeaders.map((name) => `${name}:${headerValue(request, name)}`),
    '',
    claim.signedHeaders.join(';'),
    claim.payloadHash,
  ].join('\n')
  const scope = [claim.scope.day, rules.region, rules.service, 'aws4_request']
  const text = [
    'AWS4-HMAC-SHA256',
    claim.timestamp,
    scope.join('/'),
    sha256Hex(canonicalRequest),
  ].join('\n')

  let key: string | Buffer = `AWS4${secret}`
  for (const part of scope) key = hmac(key, part)
  return hmac(key, text)
}

function canonicalQuery(query: Target['query']): string {
  return query
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [awsEncode(name), awsEncode(value)] as const)
    .sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function headerValue(request: IncomingMessage, name: string): string {
  const values = request.headersDistinct[name] ?? []
  return values.map((value) => value.trim().replace(/ +/g, ' ')).join(',')
}

function awsEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, hexOf)
}

function hexOf(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
