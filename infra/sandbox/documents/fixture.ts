import { parse } from 'yaml'
import { z } from 'zod'

const text = z
  .union([z.string(), z.number()])
  .transform(String)
  .nullish()
  .transform((value) => value ?? undefined)

const metrics = z
  .object({
    HorizontalResolution: z.number().optional(),
    VerticalResolution: z.number().optional(),
    SharpnessMetric: z.number().optional(),
    GlareMetric: z.number().optional(),
  })
  .optional()

const classified = z.object({ ClassName: text, CountryCode: text }).optional()

/** A YAML file that says what the document vendor answers. What it does not know is left out, as Login.gov's mock does. */
const fixture = z.object({
  document: z.record(z.string(), text).nullish(),
  doc_auth_result: text,
  transaction_status: text,
  failed_alerts: z.array(z.object({ name: z.string(), result: text })).nullish(),
  image_metrics: z.object({ front: metrics, back: metrics }).nullish(),
  classification_info: z.object({ Front: classified, Back: classified }).nullish(),
  passport_check_result: z.object({ PassportCheckResult: text }).nullish(),
  http_status: z.int().min(400).max(599).optional(),
  /** Ours: a word that makes the vendor misbehave, as the table of scenarios lists them. */
  vendor: text,
})

export type Fixture = Readonly<z.output<typeof fixture>>

/** Undefined if the text is no YAML, or not of this shape. */
export function readFixture(yaml: string): Fixture | undefined {
  const parsed = fixture.safeParse(parseYaml(yaml))
  return parsed.success ? parsed.data : undefined
}

function parseYaml(yaml: string): unknown {
  try {
    return parse(yaml, { maxAliasCount: 10 })
  } catch {
    return undefined
  }
}
