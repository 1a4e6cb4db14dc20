import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AwsPrincipal, localRegion } from './aws-principals.ts'
import { listen } from './http-server.ts'
import { KmsError } from './kms/error.ts'
import { createKmsKeys, type KmsKey, type KmsKeyOptions } from './kms/keys.ts'
import { handleOperation } from './kms/operations.ts'
import { sha256Hex, verifySignature } from './sigv4.ts'
import { readTarget } from './sigv4-claim.ts'
import { SignatureError, type SignatureErrorCode } from './sigv4-error.ts'

export type { KmsGrant, KmsKeyOptions, KmsOperation } from './kms/keys.ts'

export interface KmsOptions {
  readonly port: number
  /** Where the root secret is kept, so that what was sealed yesterday opens today. */
  readonly directory: string
  readonly principals: readonly AwsPrincipal[]
  readonly keys: readonly KmsKeyOptions[]
}

/** up; failing: every call is a KMSInternalException; unreachable: connections break; silent: no answer ever comes. */
export type KmsCondition = 'up' | 'failing' | 'unreachable' | 'silent'

export interface LocalKms {
  readonly port: number
  readonly url: string
  setCondition(condition: KmsCondition): void
  setKeyEnabled(keyId: string, enabled: boolean): void
  /** How many calls of this operation were answered with success. */
  calls(operation: string): number
  stop(): Promise<void>
}

const maxBodyBytes = 64 * 1024

/**
 * A KMS of symmetric keys that speaks AWS JSON 1.1 and refuses what AWS refuses: signature, grant,
 * condition on the encryption context, key state, altered ciphertext. For machines without AWS.
 */
export async function startKms(options: KmsOptions): Promise<LocalKms> {
  const keys = await createKmsKeys(options.directory, options.keys)
  const calls = new Map<string, number>()
  let condition: KmsCondition = 'up'

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    try {
      if (condition === 'failing') throw new KmsError('KMSInternalException')
      const { operation, body } = await answer(request, options.principals, keys)
      calls.set(operation, (calls.get(operation) ?? 0) + 1)
      send(response, 200, body)
    } catch (error) {
      // What is left of the body must be read, or the client could not read the answer.
      request.resume()
      const { status, code, message } = toKmsError(error)
      send(response, status, { __type: code, message })
    }
  }
  const server = createServer((request, response) => {
    if (condition === 'unreachable') request.socket.destroy()
    else if (condition === 'silent') request.resume()
    else void handle(request, response)
  })
  const listening = await listen(server, options.port)

  return {
    ...listening,
    setCondition: (next) => {
      condition = next
      if (next === 'unreachable') server.closeAllConnections()
    },
    setKeyEnabled: (keyId, enabled) => {
      const key = keys.get(keyId)
      if (!key) throw new Error(`There is no key ${keyId}`)
      key.enabled = enabled
    },
    calls: (operation) => calls.get(operation) ?? 0,
  }
}

async function answer(
  request: IncomingMessage,
  principals: readonly AwsPrincipal[],
  keys: ReadonlyMap<string, KmsKey>,
): Promise<{ operation: string; body: object }> {
  const body = await readBody(request)
  const target = readTarget(request.url ?? '/')
  if (request.method !== 'POST' || !target) throw new KmsError('UnknownOperationException')

  const { principal } = verifySignature(request, target, {
    service: 'kms',
    region: localRegion,
    principals,
    bodyHash: sha256Hex(body),
  })
  const operation = operationOf(request)
  return { operation, body: handleOperation({ operation, body, principal: principal.name }, keys) }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length
    if (size > maxBodyBytes) throw new KmsError('ValidationException')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function operationOf(request: IncomingMessage): string {
  const [service, operation = ''] = String(request.headers['x-amz-target']).split('.')
  if (service !== 'TrentService') throw new KmsError('UnknownOperationException')
  return operation
}

const signatureNames = {
  MISSING: 'MissingAuthenticationTokenException',
  TWO_MECHANISMS: 'IncompleteSignatureException',
  HEADER_MALFORMED: 'IncompleteSignatureException',
  QUERY_MALFORMED: 'IncompleteSignatureException',
  KEY_UNKNOWN: 'UnrecognizedClientException',
  TOKEN_UNKNOWN: 'UnrecognizedClientException',
  SCOPE_WRONG: 'InvalidSignatureException',
  TIME_SKEWED: 'InvalidSignatureException',
  EXPIRED: 'InvalidSignatureException',
  NOT_YET_VALID: 'InvalidSignatureException',
  HEADER_UNSIGNED: 'InvalidSignatureException',
  MISMATCH: 'InvalidSignatureException',
} as const satisfies Record<SignatureErrorCode, string>

function toKmsError(error: unknown): KmsError {
  if (error instanceof KmsError) return error
  if (error instanceof SignatureError) return new KmsError(signatureNames[error.code])
  // A defect of this server, shown to whoever runs the stack; the caller learns no more than from AWS.
  console.error(error)
  return new KmsError('KMSInternalException')
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': randomUUID(),
  })
  response.end(JSON.stringify(body))
}
