import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const key = z.string().regex(/^[\w-]{43}$/)

const schema = z.object({
  postgresAdmin: key,
  postgresOwner: key,
  postgresWeb: key,
  postgresWorker: key,
  postgresOps: key,
  redisAdmin: key,
  redisWeb: key,
  redisWorker: key,
  redisOps: key,
  awsWeb: key,
  awsWorker: key,
  awsOps: key,
  awsDeploy: key,
  awsAgency: key,
  proxy: key,
  vendorToken: key,
  sessionEncryption: key,
  cookies: key,
  fingerprints: key,
  workerFingerprints: key,
  localPayload: key,
  localResult: key,
  localStep: key,
  localSession: key,
  localRecord: key,
  localCredential: key,
  localSettings: key,
  credentialSigning: key,
  openidSigning: key,
  openidSubjects: key,
  samplePartner: key,
  /** Who brings files to the sample agency has it. */
  sampleAgency: key,
  sampleWebhook: key,
  /** The sample operator’s password of the console, and the key of its sessions. */
  consolePassword: key,
  consoleSessions: key,
  /** A private JWK; RSA cannot be made of 256 bits. */
  openidRsa: z.string(),
})

/** Everything secret in a local stack, made up once: 256 random bits each, base64url, but for one. */
export type Secrets = Readonly<z.output<typeof schema>>

/** The secrets kept in `<directory>/secrets.json`. What a newer version needs and the file lacks is added. */
export async function readSecrets(directory: string): Promise<Secrets> {
  const file = join(directory, 'secrets.json')
  const kept = schema.partial().parse(JSON.parse(await readFile(file, 'utf8').catch(() => '{}')))
  const secrets = schema.parse({ ...makeUp(kept), ...kept })
  await mkdir(directory, { recursive: true })
  await writeFile(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
  return secrets
}

function makeUp(
  kept: { readonly [Name in keyof Secrets]?: string | undefined },
): Record<string, string> {
  const missing = schema.keyof().options.filter((name) => kept[name] === undefined)
  return Object.fromEntries(
    missing.map((name) => [
      name,
      name === 'openidRsa' ? newRsaKey() : randomBytes(32).toString('base64url'),
    ]),
  )
}

function newRsaKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return JSON.stringify(privateKey.export({ format: 'jwk' }))
}
