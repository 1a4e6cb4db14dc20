import type { IncomingMessage, ServerResponse } from 'node:http'
import type { VerifiedRequest } from '../sigv4.ts'
import type { Target } from '../sigv4-claim.ts'
import type { Bucket } from './bucket.ts'
import { S3Error } from './error.ts'
import { element, xmlDocument } from './xml.ts'

/** One request that is already known to be signed, with the bucket it is for. */
export interface S3Call {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly principal: string
  readonly payloadHash: string
  readonly bucket: Bucket
  readonly key: string
  query(name: string): string | undefined
  /** A header; in a presigned request a signed x-amz- parameter of the query counts as one. */
  header(name: string): string | undefined
  headerNames(): readonly string[]
}

export interface CallParts {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly target: Target
  readonly bucket: Bucket
  readonly key: string
  readonly verified: VerifiedRequest
}

export function createCall({ target, verified, ...parts }: CallParts): S3Call {
  const parameters = new Map(target.query.map(([name, value]) => [name.toLowerCase(), value]))
  const isHeader = (name: string) => verified.presigned && name.startsWith('x-amz-')
  return {
    ...parts,
    principal: verified.principal.name,
    payloadHash: verified.payloadHash,
    query: (name) => parameters.get(name.toLowerCase()),
    header: (name) =>
      parts.request.headersDistinct[name]?.join(',') ??
      (isHeader(name) ? parameters.get(name) : undefined),
    headerNames: () => [
      ...Object.keys(parts.request.headers),
      ...[...parameters.keys()].filter(isHeader),
    ],
  }
}

const knownParameters = new Set([
  ...['x-id', 'list-type', 'prefix', 'delimiter', 'max-keys', 'continuation-token', 'start-after'],
  ...['encoding-type', 'fetch-owner', 'uploads', 'uploadid', 'partnumber', 'delete'],
  ...['response-content-type', 'response-content-disposition', 'response-cache-control'],
])
const unknownHeaders = /^x-amz-(acl|grant-|copy-source|tagging|object-lock|website|storage-class)/

/** What this server does not do is refused, never passed over: it would be missed only in production. */
export function refuseUnknown(request: IncomingMessage, target: Target): void {
  const parameters = target.query.map(([name]) => name.toLowerCase())
  const isKnown =
    parameters.every((name) => name.startsWith('x-amz-') || knownParameters.has(name)) &&
    ![...parameters, ...Object.keys(request.headers)].some((name) => unknownHeaders.test(name))
  if (!isKnown) throw new S3Error('NotImplemented')
}

export function sendXml(response: ServerResponse, status: number, root: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' })
  response.end(xmlDocument(root))
}

export function sendError(call: Pick<S3Call, 'request' | 'response'>, error: S3Error): void {
  const { request, response } = call
  // What is left of the body must be read, or the client could not read the answer.
  request.resume()
  if (response.headersSent) {
    response.destroy()
    return
  }
  if (request.method === 'HEAD') {
    response.writeHead(error.status).end()
    return
  }
  const parts = [element('Code', error.code), element('Message', error.message)]
  sendXml(response, error.status, element('Error', parts))
}
