import { z } from 'zod'
import { securityEventTypes } from './event-types.ts'

/** The names are those of CAEP 1.0, section 3.3.1, and `backup-codes`. */
const credentialChange = z.strictObject({
  credential: z.enum(['password', 'fido2-platform', 'fido2-roaming', 'app', 'backup-codes']),
  change: z.enum(['create', 'revoke', 'update', 'delete']),
})

/** What happened to an account, for partners to know. It names nobody. */
export const happeningFacts = z.strictObject({
  type: z.enum(securityEventTypes),
  credential: credentialChange.optional(),
  /** How sure we are of who somebody is after being proofed anew: NIST's identity assurance level. 2 if it is not said. */
  identityLevel: z.union([z.literal(1), z.literal(2)]).optional(),
})

export type HappeningFacts = Readonly<z.output<typeof happeningFacts>>
export type CredentialChange = Readonly<z.output<typeof credentialChange>>
