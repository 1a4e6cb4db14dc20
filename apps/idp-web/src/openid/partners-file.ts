import { readYaml, SettingsError } from '@anteroom/runtime'
import { type Partner, partnersSchema } from './partners.ts'

export { hashSecret } from './client-secret.ts'
export { partnersSchema } from './partners.ts'

export type Partners = ReadonlyMap<string, Partner>

export type ReadPartners =
  | { readonly ok: true; readonly partners: Partners }
  /** Each says where and what, and quotes no value. */
  | { readonly ok: false; readonly problems: readonly string[] }

/** Reads a partners file: YAML, a list `partners`. */
export function readPartners(file: string): ReadPartners {
  const content = readYaml(file)
  if (content === undefined) return { ok: false, problems: ['cannot be read as YAML'] }
  const parsed = partnersSchema.safeParse(content)
  if (parsed.success) {
    return { ok: true, partners: new Map(parsed.data.partners.map((one) => [one.id, one])) }
  }
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  return { ok: false, problems }
}

/** @throws SettingsError that lists every problem of the file. */
export function loadPartners(file: string): Partners {
  const read = readPartners(file)
  if (read.ok) return read.partners
  throw new SettingsError(
    read.problems.map((problem) => ({ setting: `partners_file, ${problem}`, problem: 'wrong' })),
  )
}
