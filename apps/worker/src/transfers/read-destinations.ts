import { transferName, transferPath } from '@anteroom/job-contracts'
import { readYaml, SettingsError } from '@anteroom/runtime'
import { z } from 'zod'

const named = { name: transferName }
/** As `pnpm ops secret seal` writes it. */
const sealed = z.string().min(1)
const address = z.url({ protocol: /^https$/ })
/** Folders by `/`, without one at either end. */
const folder = transferPath.default('')

/** One destination as its file has it. What is secret in it is sealed. */
const destination = z.discriminatedUnion('type', [
  z.strictObject({
    ...named,
    type: z.literal('graph'),
    tenant: z.string().min(1),
    client_id: z.string().min(1),
    client_secret: sealed,
    drive_id: z.string().min(1),
    folder,
    login_url: address.default('https://login.microsoftonline.com'),
    graph_url: address.default('https://graph.microsoft.com/v1.0'),
  }),
  z.strictObject({
    ...named,
    type: z.literal('s3'),
    bucket: z.string().min(3),
    region: z.string().min(1).optional(),
    endpoint: z.url().optional(),
    prefix: folder,
    kms_key_id: z.string().min(1).optional(),
    access_key_id: z.string().min(1).optional(),
    secret_access_key: sealed.optional(),
  }),
  z.strictObject({
    ...named,
    type: z.literal('https'),
    url: address,
    authorization: sealed.optional(),
  }),
  z.strictObject({
    ...named,
    type: z.literal('sftp'),
    host: z.string().min(1),
    port: z.int().min(1).max(65_535).default(22),
    username: z.string().min(1),
    private_key: sealed,
    host_key: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}=?$/),
    folder: z
      .string()
      .regex(/^(?:\/[^/]+)*$/)
      .default(''),
  }),
])

const destinationsSchema = z.strictObject({
  destinations: z
    .array(destination)
    .min(1)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'a name twice'),
})

export type DestinationEntry = z.output<typeof destination>

/** An S3 server without TLS is one of a local machine: it is not called through the proxy. */
function refusePlainText(
  { destinations }: z.output<typeof destinationsSchema>,
  context: z.RefinementCtx,
): void {
  for (const [index, entry] of destinations.entries()) {
    if (entry.type === 's3' && entry.endpoint?.startsWith('http:')) {
      context.addIssue({ code: 'custom', path: ['destinations', index, 'endpoint'] })
    }
  }
}

/** By their names. @throws SettingsError that says where the file is wrong, and quotes no value */
export function readDestinations(
  file: string,
  { isProduction }: { readonly isProduction: boolean },
): ReadonlyMap<string, DestinationEntry> {
  const schema = isProduction ? destinationsSchema.superRefine(refusePlainText) : destinationsSchema
  const parsed = schema.safeParse(readYaml(file))
  if (!parsed.success) {
    throw new SettingsError(
      parsed.error.issues.map(({ path, code }) => ({
        setting: `transfer_destinations_file, ${path.join('.')}: ${code}`,
        problem: 'wrong',
      })),
    )
  }
  return new Map(parsed.data.destinations.map((entry) => [entry.name, entry]))
}
