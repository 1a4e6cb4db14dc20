import { z } from 'zod'
import {
  answer,
  header,
  json,
  type Operation,
  type Parameter,
  refusals,
  schemaOf,
} from './openapi-parts.ts'
import { listQuery, transferId } from './schemas.ts'
import { longestWaitSeconds } from './wait-for-end.ts'

/** What can be asked of the API, and how it answers. */

const queryShape = z.object({
  properties: z.record(z.string(), z.looseObject({ description: z.string().optional() })),
})

const requestId = header('X-Request-Id', 'Your own id of this request, for the logs of both sides.')
const prefer: Parameter = {
  name: 'Prefer',
  in: 'header',
  required: false,
  description: `wait=n: answer when the transfer has ended, or after n seconds, ${longestWaitSeconds} at most.`,
  schema: { type: 'string' },
}
const id: Parameter = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'Of the transfer.',
  schema: schemaOf(transferId, 'output'),
}

export const createOperation: Operation = {
  operationId: 'createTransfer',
  summary: 'Have a file moved',
  parameters: [
    header(
      'Idempotency-Key',
      'A name of your own for this request, remembered for 48 hours: sent again, it makes no second transfer and is answered as before.',
    ),
    header('X-Correlation-Id', 'As correlation_id in the body, which counts more.'),
    requestId,
    prefer,
  ],
  requestBody: { required: true, content: json('TransferRequest') },
  responses: {
    '200': answer('It has ended while you waited.', 'Transfer', [
      'Location',
      'X-Correlation-Id',
      'Idempotency-Replayed',
      'Preference-Applied',
    ]),
    '202': answer('It was taken, and will end.', 'Transfer', [
      'Location',
      'X-Correlation-Id',
      'Idempotency-Replayed',
      'Preference-Applied',
    ]),
    ...refusals([
      'malformed-request',
      'source-not-allowed',
      'destination-not-allowed',
      'path-not-allowed',
      'in-flight',
      'body-too-large',
      'not-json',
      'invalid-request',
      'source-address-refused',
      'source-expired',
      'consent-unknown',
      'idempotency-key-reused',
      'too-many-open',
    ]),
  },
}

export const listOperation: Operation = {
  operationId: 'listTransfers',
  summary: 'List your transfers, newest first',
  parameters: [...queryParameters(), requestId],
  responses: { '200': answer('A page of them.', 'TransferList'), ...refusals(['invalid-request']) },
}

export const showOperation: Operation = {
  operationId: 'showTransfer',
  summary: 'Look a transfer up',
  parameters: [id, requestId, prefer],
  responses: {
    '200': answer('How it stands.', 'Transfer', ['Preference-Applied']),
    ...refusals(['not-found']),
  },
}

export const cancelOperation: Operation = {
  operationId: 'cancelTransfer',
  summary: 'Stop a transfer',
  parameters: [id, requestId],
  responses: {
    '200': answer('It is cancelled.', 'Transfer'),
    '202': answer(
      'It is under way, and will be stopped if it still can be: its state says which.',
      'Transfer',
    ),
    ...refusals(['not-found', 'already-ended']),
  },
}

export const webhookOperation = {
  operationId: 'transferEnded',
  summary: 'Sent to your webhook when a transfer has ended, signed as Standard Webhooks 1.0.0',
  requestBody: { required: true, content: json('WebhookMessage') },
  responses: {
    '2XX': {
      description:
        'You have it. Anything else, and it is sent again later under the same webhook-id.',
    },
    '410': { description: 'You want this message no more.' },
  },
}

function queryParameters(): Parameter[] {
  const { properties } = queryShape.parse(schemaOf(listQuery, 'output'))
  return Object.entries(properties).map(([name, { description = '', ...schema }]) => ({
    name,
    in: 'query',
    required: false,
    description,
    schema,
    ...(name === 'state' && { style: 'form', explode: false }),
  }))
}
