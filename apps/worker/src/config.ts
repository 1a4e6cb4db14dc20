import { serviceSettings, wholeNumber, withServiceChecks } from '@anteroom/runtime'
import { z } from 'zod'
import { type ConsoleSettings, consoleSettings } from './console/settings.ts'
import { type CredentialSettings, credentialSettings } from './credentials/settings.ts'
import { type DocumentSettings, documentSettings, mayAskVendor } from './documents/settings.ts'
import { mailSettings } from './mail/settings.ts'
import { needed } from './needed.ts'
import { notInProduction } from './not-in-production.ts'
import { partnerSettings } from './partners/settings.ts'
import { pushSettings } from './push/settings.ts'
import { quotaSettings } from './quota/settings.ts'
import { transferSettings } from './transfers/settings.ts'

const vendorUrl = (vendor: string) =>
  z.url({ protocol: /^https$/ }).describe(`Address of the ${vendor} vendor.`)

const vendorToken = (vendor: string) =>
  z.string().min(1).meta({ secret: true }).describe(`Token that the ${vendor} vendor knows us by.`)

const vendorTimeout = (vendor: string) =>
  wholeNumber({ min: 100, max: 58_000 })
    .default(20_000)
    .describe(`Time budget of one call to the ${vendor} vendor, in milliseconds.`)

/** The worker's settings. */
export const workerSettings = withServiceChecks(
  z.object({
    ...serviceSettings,
    internalPort: wholeNumber({ min: 0, max: 65_535 })
      .default(3011)
      .describe('Port on which health, metrics and the operators’ console are served.'),
    concurrentJobs: wholeNumber({ min: 1, max: 1_000 })
      .default(100)
      .describe(
        'Jobs that run at once in one process. Vendor calls are waits, so this may be high.',
      ),
    shutdownGraceMs: wholeNumber({ min: 0, max: 60_000 })
      .default(15_000)
      .describe(
        'How long running jobs may finish after a stop was asked for; then they are handed back to the queue.',
      ),
    outboundProxyUrl: z
      .url({ protocol: /^http$/ })
      .meta({ secret: true })
      .describe(
        'The proxy through which every call to the outside leaves. There is no way around it.',
      ),
    outboundCaFile: z
      .string()
      .min(1)
      .optional()
      .describe(
        'File with the certificate authorities that vendors are verified against, instead of the public ones.',
      ),
    resolutionUrl: vendorUrl('resolution'),
    resolutionToken: vendorToken('resolution'),
    resolutionTimeoutMs: vendorTimeout('resolution'),
    stateIdUrl: vendorUrl('state ID'),
    stateIdToken: vendorToken('state ID'),
    stateIdTimeoutMs: vendorTimeout('state ID'),
    addressUrl: vendorUrl('address'),
    addressToken: vendorToken('address'),
    addressTimeoutMs: vendorTimeout('address'),
    registryUrl: vendorUrl('registry').optional(),
    registryToken: vendorToken('registry').optional(),
    registryTimeoutMs: vendorTimeout('registry'),
    ...mailSettings,
    ...quotaSettings,
    ...documentSettings,
    ...credentialSettings,
    ...partnerSettings,
    ...pushSettings,
    ...transferSettings,
    ...consoleSettings,
  }),
)
  .refine(...needed('fingerprintKeys', hasBucket))
  .refine(...needed('consoleOperators', hasConsole))
  .refine(...needed('consoleSessionKey', hasConsole))
  .refine(...needed('documentsUrl', mayAskVendor))
  .refine(...needed('documentsToken', mayAskVendor))
  .refine(...needed('credentialIssuer', hasSigningKeys))
  .refine(...needed('credentialIssuerName', hasSigningKeys))
  .refine(...needed('mailFrom', hasMailServer))
  .refine(...needed('registryUrl', hasSigningKeys))
  .refine(...needed('registryToken', hasSigningKeys))
  .refine(...notInProduction('documentFixtures'))
  .refine(...notInProduction('pushPrivateHosts'))
  .refine(...notInProduction('transferPrivateHosts'))

function hasBucket({ documentBucket }: Partial<DocumentSettings>): boolean {
  return documentBucket !== undefined
}

function hasConsole({ consoleDatabaseUrl }: Partial<ConsoleSettings>): boolean {
  return consoleDatabaseUrl !== undefined
}

interface Mailing {
  readonly smtpUrl?: string | undefined
  readonly mailFrom?: string | undefined
}

function hasMailServer({ smtpUrl }: Mailing): boolean {
  return smtpUrl !== undefined
}

interface Issuing extends CredentialSettings {
  readonly registryUrl?: string | undefined
  readonly registryToken?: string | undefined
}

function hasSigningKeys({ credentialSigningKeys }: Partial<Issuing>): boolean {
  return credentialSigningKeys !== undefined
}

export type WorkerConfig = Readonly<z.output<typeof workerSettings>>
