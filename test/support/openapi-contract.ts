import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { LightMyRequestResponse } from 'fastify'
import { z } from 'zod'

const documentSchema = z.looseObject({
  openapi: z.string(),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        responses: z.record(
          z.string(),
          z.looseObject({
            headers: z.record(z.string(), z.unknown()).optional(),
            content: z
              .record(z.string(), z.object({ schema: z.object({ $ref: z.string() }) }))
              .optional(),
          }),
        ),
      }),
    ),
  ),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
})

/** An OpenAPI document that answers are held against by a validator of JSON Schema that is not ours. */
export interface Contract {
  /** What is wrong with an answer to this operation, such as `post /api/transfers`. */
  problemsOf(operation: string, answer: LightMyRequestResponse): string[]
  /** What a schema of the document says of a value. */
  schemaProblemsOf(name: string, value: unknown): string[]
  /** Each operation and status, such as `get /api/transfers 200`. */
  readonly declared: readonly string[]
}

export function contractOf(given: unknown): Contract {
  const document = documentSchema.parse(given)
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  // Its types say that the module is the function; Node says that it is the default.
  ;(addFormats as unknown as (ajv: Ajv2020) => void)(ajv)
  ajv.addSchema({ $id: 'api', components: document.components })
  const compiled = (ref: string): ValidateFunction => ajv.compile({ $ref: `api${ref}` })
  const errorsOf = (ref: string, value: unknown): string[] => {
    const validate = compiled(ref)
    if (validate(value)) return []
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
  }
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method} ${path}`,
      operation,
    })),
  )
  return {
    declared: operations.flatMap(({ name, operation }) =>
      Object.keys(operation.responses).map((status) => `${name} ${status}`),
    ),
    schemaProblemsOf: (name, value) => errorsOf(`#/components/schemas/${name}`, value),
    problemsOf(name, answer) {
      const operation = operations.find((it) => it.name === name)?.operation
      const declared = operation?.responses[String(answer.statusCode)]
      if (!declared) return [`${name} answered ${answer.statusCode}, which is not declared`]
      const [type = ''] = String(answer.headers['content-type']).split(';')
      const schema = declared.content?.[type]?.schema
      if (!schema) return [`${name} ${answer.statusCode} answered ${type}, which is not declared`]
      const told = Object.keys(declared.headers ?? {}).map((header) => header.toLowerCase())
      const strays = [
        'location',
        'retry-after',
        'www-authenticate',
        'x-correlation-id',
        'idempotency-replayed',
        'preference-applied',
      ]
        .filter((header) => answer.headers[header] !== undefined && !told.includes(header))
        .map((header) => `${name} ${answer.statusCode} sent ${header}, which is not declared`)
      return [...errorsOf(schema.$ref, answer.json()), ...strays]
    },
  }
}
