import type { z } from 'zod'
import type { Transfer, transferList, transferRequest, webhookMessage } from './schemas.ts'

/** What is shown where it is described: one transfer, from the request to the message at its end. */

const sha256 = 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c'

const summary = {
  id: 'Zk3vPq8sT1uYw5xB7nC2Lg',
  state: 'delivered',
  destination: 'county-records',
  correlation_id: 'permit-4711',
  attempts: 1,
  next_attempt_at: null,
  bytes: 48_213,
  problem: null,
  cancel_requested: false,
  requested_at: '2026-11-23T09:30:00.000Z',
  deadline_at: '2026-11-24T09:30:00.000Z',
  ended_at: '2026-11-23T09:30:02.000Z',
} as const

interface Examples {
  readonly TransferRequest: z.input<typeof transferRequest>
  readonly Transfer: Transfer
  readonly TransferList: z.output<typeof transferList>
  readonly WebhookMessage: z.output<typeof webhookMessage>
}

/** By the names of schemas. */
export const examples: Examples = {
  TransferRequest: {
    source: { type: 'url', url: 'https://files.permits.example/4711.pdf' },
    destination: { name: 'county-records', path: 'permits/2026' },
    correlation_id: 'permit-4711',
  },
  Transfer: {
    ...summary,
    source: { type: 'url' },
    path: 'permits/2026',
    filename: '4711.pdf',
    sha256,
    media_type: 'application/pdf',
  },
  TransferList: { transfers: [summary], next_cursor: null },
  WebhookMessage: {
    type: 'transfer.delivered',
    timestamp: '2026-11-23T09:30:02.000Z',
    data: { ...summary, sha256 },
  },
}
