import { z } from 'zod'
import { examples } from './openapi-examples.ts'
import { type ProblemCode, problems } from './problems.ts'

/** What operations of the API are described with (OpenAPI 3.1). */

export interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly required: true; readonly content: Content }
  readonly responses: Readonly<Record<string, Answer>>
}

export interface Parameter {
  readonly name: string
  readonly in: 'header' | 'path' | 'query'
  readonly required: boolean
  readonly description: string
  readonly schema: object
}

export interface Answer {
  readonly description: string
  readonly headers?: Readonly<Record<string, object>>
  readonly content?: Content
  /** Of what is refused: the codes that come with this status. */
  readonly 'x-problem-codes'?: readonly ProblemCode[]
}

type Content = Readonly<
  Record<string, { readonly schema: { readonly $ref: string }; readonly example?: unknown }>
>

/** JSON Schema 2020-12, the dialect of OpenAPI 3.1. What a refinement says besides stands in its description. */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' })
  return rest
}

export const headers = {
  'X-Request-Id': {
    description: 'Yours if you sent one, ours otherwise.',
    schema: { type: 'string' },
  },
  'X-Correlation-Id': { description: 'The transfer’s.', schema: { type: 'string' } },
  Location: { description: 'Where the transfer is looked up.', schema: { type: 'string' } },
  'Idempotency-Replayed': {
    description: '"true" if this request was answered before.',
    schema: { type: 'string' },
  },
  'Preference-Applied': { description: 'How long was waited at most.', schema: { type: 'string' } },
  'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } },
  'WWW-Authenticate': { description: 'Bearer.', schema: { type: 'string' } },
}

type HeaderName = keyof typeof headers

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
export const json = (name: keyof typeof examples) => ({
  'application/json': { schema: ref(name), example: examples[name] },
})
const named = (names: readonly HeaderName[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))

export function answer(
  description: string,
  name: keyof typeof examples,
  more: readonly HeaderName[] = [],
): Answer {
  return { description, headers: named(['X-Request-Id', ...more]), content: json(name) }
}

/** What every operation may answer. */
export const everywhere = [
  'malformed-header',
  'key-missing',
  'key-unknown',
  'key-revoked',
  'key-expired',
  'consumer-disabled',
  'rate-limited',
  'internal',
  'unavailable',
] as const satisfies readonly ProblemCode[]

/** One answer for each status, which names the codes that come with it. */
export function refusals(more: readonly ProblemCode[]): Record<string, Answer> {
  const byStatus = Map.groupBy([...everywhere, ...more], (code) => problems[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `${code}: ${problems[code].title}.`).join(' '),
        headers: named(['X-Request-Id', ...headersOf(status)]),
        content: { 'application/problem+json': { schema: ref('Problem') } },
        'x-problem-codes': codes,
      },
    ]),
  )
}

function headersOf(status: number): readonly HeaderName[] {
  if (status === 401) return ['WWW-Authenticate']
  return status === 409 || status === 429 || status === 503 ? ['Retry-After'] : []
}

export const header = (name: string, description: string): Parameter => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,128}$' },
})
