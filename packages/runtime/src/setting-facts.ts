import { z } from 'zod'

/** What a setting's schema says of it: JSON Schema's words and our own from `.meta()`, which zod copies there. */
export type SettingFacts = z.output<typeof factsSchema>

export function settingFacts(field: z.core.$ZodType): SettingFacts {
  return factsSchema.parse(z.toJSONSchema(field, { io: 'input', unrepresentable: 'any' }))
}

const factsSchema = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  format: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  description: z.string().default(''),
  secret: z.boolean().default(false),
  shownAs: z.string().optional(),
  /** Another name by which the setting may be given, as in a settings file. */
  alias: z.string().optional(),
})
