import { transferName } from '@anteroom/job-contracts'
import { readYaml, SettingsError } from '@anteroom/runtime'
import { z } from 'zod'

const kinds = ['graph', 's3', 'https', 'sftp'] as const

/** As far as the web reads it: where a destination is, and its secrets, are the worker's. */
const destinationsSchema = z.object({
  destinations: z.array(z.object({ name: transferName, type: z.enum(kinds) })).min(1),
})

/** Kinds by the names of destinations. */
export type Destinations = ReadonlyMap<string, (typeof kinds)[number]>

/** @throws SettingsError that says where the file is wrong, and quotes no value. */
export function loadDestinations(file: string): Destinations {
  const parsed = destinationsSchema.safeParse(readYaml(file))
  if (!parsed.success) {
    throw new SettingsError(
      parsed.error.issues.map(({ path, message }) => ({
        setting: `transfer_destinations_file, ${path.join('.')}: ${message}`,
        problem: 'wrong',
      })),
    )
  }
  return new Map(parsed.data.destinations.map(({ name, type }) => [name, type]))
}
