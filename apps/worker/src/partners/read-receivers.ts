import { readYaml, SettingsError } from '@anteroom/runtime'
import { type Receiver, receiverSchema } from '@anteroom/security-events'
import { z } from 'zod'

/** Of the partners file, what the worker has to know. The web checks the rest. */
const partnersSchema = z.object({
  partners: z.array(z.object({ id: z.string(), security_events: receiverSchema.optional() })),
})

/** By the partners' ids. @throws SettingsError, which quotes no value */
export function readReceivers(file: string): ReadonlyMap<string, Receiver> {
  const content = readYaml(file)
  if (content === undefined) {
    throw new SettingsError([{ setting: 'partners_file', problem: 'wrong' }])
  }
  const parsed = partnersSchema.safeParse(content)
  if (!parsed.success) {
    throw new SettingsError(
      parsed.error.issues.map(({ path }) => ({
        setting: `partners_file, ${path.join('.')}`,
        problem: 'wrong',
      })),
    )
  }
  return new Map(
    parsed.data.partners.flatMap(({ id, security_events: receiver }) =>
      receiver ? [[id, receiver]] : [],
    ),
  )
}
