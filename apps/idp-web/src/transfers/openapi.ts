import {
  cancelOperation,
  createOperation,
  listOperation,
  showOperation,
  webhookOperation,
} from './openapi-operations.ts'
import { headers, type Operation, schemaOf } from './openapi-parts.ts'
import {
  problem,
  transfer,
  transferList,
  transferRequest,
  transferSummary,
  webhookMessage,
} from './schemas.ts'

/** The API as OpenAPI 3.1, made of the schemas that it is validated by. */
export interface OpenapiDocument {
  readonly openapi: '3.1.1'
  readonly info: { readonly title: string; readonly version: string; readonly summary: string }
  readonly servers: readonly { readonly url: string }[]
  readonly security: readonly object[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly webhooks: Readonly<Record<string, Readonly<Record<string, object>>>>
  readonly components: {
    readonly securitySchemes: object
    readonly headers: Readonly<Record<string, { readonly description: string }>>
    readonly schemas: Readonly<Record<string, object>>
  }
}

export function openapiDocument(publicUrl: string): OpenapiDocument {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Anteroom transfers',
      version: '1.0.0',
      summary: 'Has files moved from a source to a destination.',
    },
    servers: [{ url: new URL('/', publicUrl).href.replace(/\/$/, '') }],
    security: [{ key: [] }],
    paths: {
      '/api/transfers': { post: createOperation, get: listOperation },
      '/api/transfers/{id}': { get: showOperation },
      '/api/transfers/{id}/cancel': { post: cancelOperation },
    },
    webhooks: { transferEnded: { post: webhookOperation } },
    components: {
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description: 'A key of your consumer: at_<id>_<secret>.',
        },
      },
      headers,
      schemas: {
        TransferRequest: schemaOf(transferRequest, 'input'),
        Transfer: schemaOf(transfer, 'output'),
        TransferSummary: schemaOf(transferSummary, 'output'),
        TransferList: schemaOf(transferList, 'output'),
        Problem: schemaOf(problem, 'output'),
        WebhookMessage: schemaOf(webhookMessage, 'output'),
      },
    },
  }
}
