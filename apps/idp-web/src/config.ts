import { toPublicKey } from '@anteroom/credential'
import {
  flag,
  keyList,
  parseJson,
  serviceSettings,
  wholeNumber,
  withServiceChecks,
} from '@anteroom/runtime'
import { z } from 'zod'
import { identitySettings } from './account/identity/settings.ts'
import { accountSettings } from './account/settings.ts'
import { lineSettings } from './line/settings.ts'
import { openidSettings, openidShape } from './openid/settings.ts'
import { securityEventSettings } from './security-events/settings.ts'
import { transferShape } from './transfers/settings.ts'

/** The web's settings. */
export const webSettings = withServiceChecks(
  z.object({
    ...serviceSettings,
    host: z.string().default('127.0.0.1').describe('Address on which people are served.'),
    port: wholeNumber({ min: 0, max: 65_535 })
      .default(3000)
      .describe('Port on which people are served.'),
    internalPort: wholeNumber({ min: 0, max: 65_535 })
      .default(3001)
      .describe('Port on which health and metrics are served.'),
    publicUrl: z
      .url({ protocol: /^https?$/ })
      .refine(isPrivateToWire)
      .describe(
        'The address people see. Only http://127.0.0.1 and http://localhost may do without https.',
      ),
    trustedProxies: z
      .string()
      .optional()
      .describe(
        'Addresses of the load balancers in front, separated by commas. Only they may say where a request came from.',
      ),
    cookieKeys: keyList()
      .meta({ secret: true })
      .describe('Keys that sign the device cookie, newest first.'),
    fingerprintKeys: keyList()
      .meta({ secret: true })
      .describe(
        'Keys of the hashes by which people, accounts and Social Security numbers are counted, e-mail addresses are found and backup codes are known again, newest first.',
      ),
    sessionIdleSeconds: wholeNumber({ min: 60, max: 3_600 })
      .default(900)
      .describe('A session without a page request ends after this.'),
    sessionAbsoluteSeconds: wholeNumber({ min: 300, max: 86_400 })
      .default(43_200)
      .describe('A session ends after this, used or not.'),
    ...accountSettings,
    ...identitySettings,
    checksEnabled: flag()
      .default(true)
      .meta({ alias: 'ruby_workers_idv_enabled' })
      .describe(
        'Whether people can ask for checks of who they are. Otherwise they are told that checks are paused, and keep what they have answered.',
      ),
    documentProofing: z
      .enum(['required', 'off'])
      .default('required')
      .describe('Whether a person first proves who they are with a photo of an ID document.'),
    documentBucket: z
      .string()
      .min(3)
      .optional()
      .describe('S3 bucket of the sealed images; required unless document_proofing is off.'),
    s3Endpoint: z.url().optional().describe('S3 address, if it is not the one of the AWS region.'),
    docAuthEnablePresignedS3Urls: flag()
      .default(true)
      .describe(
        'Whether browsers seal images themselves and send them straight to S3. Otherwise the web does both.',
      ),
    documentFixtures: flag()
      .default(false)
      .describe(
        'For sandboxes: take YAML files, which script a pretend reading, instead of photos. Not in the environment "production".',
      ),
    documentVendorMayRead: flag()
      .default(false)
      .describe(
        'Whether people are told, before they agree, that a company may get the photos of their ID. Must be on where the worker’s document_reader, document_vendor_percent or document_fallback has the vendor asked.',
      ),
    documentAttempts: wholeNumber({ min: 1, max: 1_000 })
      .default(5)
      .describe('Document checks one person may ask for in an attempt window.'),
    documentsPerDevice: wholeNumber({ min: 1, max: 1_000 })
      .default(20)
      .describe(
        'Documents one person may begin to photograph in an attempt window, handed in or not.',
      ),
    documentsPerNetwork: wholeNumber({ min: 1, max: 1_000_000 })
      .default(300)
      .describe('Documents that may be begun from one network address in an attempt window.'),
    resolutionAttempts: wholeNumber({ min: 1, max: 1_000 })
      .default(5)
      .describe('Identity checks one person may ask for in an attempt window.'),
    addressAttempts: wholeNumber({ min: 1, max: 1_000 })
      .default(5)
      .describe('Phone and address checks one person may ask for in an attempt window.'),
    attemptWindowSeconds: wholeNumber({ min: 1, max: 604_800 })
      .default(21_600)
      .describe('Length of the attempt window.'),
    ssnAttempts: wholeNumber({ min: 1, max: 1_000 })
      .default(10)
      .describe(
        'Checks of each kind for one Social Security number in an SSN window, whoever asks.',
      ),
    ssnWindowSeconds: wholeNumber({ min: 1, max: 604_800 })
      .default(3_600)
      .describe('Length of the SSN window.'),
    ...lineSettings,
    ...openidShape,
    ...securityEventSettings,
    ...transferShape,
    requestsPerWindow: wholeNumber({ min: 1, max: 1_000_000 })
      .default(300)
      .describe('Requests one network address may make in a request window.'),
    requestWindowSeconds: wholeNumber({ min: 1, max: 86_400 })
      .default(300)
      .describe('Length of the request window.'),
    sandboxScenariosFile: z
      .string()
      .min(1)
      .optional()
      .describe(
        'For development: JSON file with the sandbox values that /sandbox lists. Without it there is no such page.',
      ),
    sandboxSpecimensFolder: z
      .string()
      .min(1)
      .optional()
      .describe(
        'For development: folder with pretend documents that /sandbox offers to download. Without it there are none.',
      ),
    credentialPublicKeys: publicKeyList()
      .optional()
      .describe(
        'Public keys by which the credentials we issue are checked: of the worker’s credential_signing_keys, and those that come next or have been replaced. Without them the web publishes none, and there is no page that checks a credential.',
      ),
    credentialIssuerName: z
      .string()
      .min(1)
      .max(80)
      .default('Anteroom')
      .describe('Who issues our credentials, as the page that checks one says it.'),
    requestLog: flag().default(true).describe('Log a line for each request.'),
  }),
)
  .refine(
    ({ documentProofing, documentBucket }) =>
      documentProofing === 'off' || documentBucket !== undefined,
    { path: ['documentBucket'], when: () => true },
  )
  .refine(
    (given) =>
      given.partnersFile === undefined ||
      (given.accounts !== 'off' && openidSettings(given) !== undefined),
    { path: ['partnersFile'], when: () => true },
  )
  .refine(...notInProduction('documentFixtures'))
  .refine(...notInProduction('sandboxScenariosFile'))
  .refine(...notInProduction('sandboxSpecimensFolder'))
  .refine(...notInProduction('transferSandboxOrigins'))

export type WebConfig = Readonly<z.output<typeof webSettings>>

/** Public EC P-256 keys: a list or a set of JWKs, in the environment as JSON. Each is named by its thumbprint. */
function publicKeyList() {
  const text = z.string().transform(parseJson)
  const list = z.array(z.unknown()).min(1)
  const set = z.object({ keys: list }).transform(({ keys }) => keys)
  return z
    .union([text.pipe(z.union([list, set])), list, set])
    .transform((given, ctx) =>
      Promise.all(given.map(toPublicKey)).catch(() => {
        ctx.issues.push({ code: 'custom', message: 'not public P-256 keys', input: given })
        return z.NEVER
      }),
    )
    .meta({ shownAs: 'public JWKs on the curve P-256, newest first' })
}

/** A deployment without keys checks people and gives them nothing to carry. */
export function issuesCredentials({ credentialPublicKeys }: WebConfig): boolean {
  return credentialPublicKeys !== undefined
}

/** A deployment may do without accounts: then nobody is asked to sign in, and nobody can. */
export function hasAccounts({ accounts }: WebConfig): boolean {
  return accounts !== 'off'
}

/** Without https the cookies lose what protects them, so it is only for a machine talking to itself. */
function isPrivateToWire(address: string): boolean {
  const { protocol, hostname } = new URL(address)
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
}

/** Whoever proves an identity in earnest is not asked for pretend documents. */
function notInProduction(
  name:
    | 'documentFixtures'
    | 'sandboxScenariosFile'
    | 'sandboxSpecimensFolder'
    | 'transferSandboxOrigins',
) {
  type Given = Partial<Record<typeof name, unknown>> & { readonly environment?: string }
  const holds = (given: Given): boolean => given.environment !== 'production' || !given[name]
  const params: { path: PropertyKey[]; when: () => boolean } = { path: [name], when: () => true }
  return [holds, params] as const
}
