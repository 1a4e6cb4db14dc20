import { X509Certificate as ReadCertificate, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createAuthority } from './authority.ts'
import { buildDirectory } from './build-directory.ts'

export interface Certificates {
  readonly caFile: string
  /** PEM of the private CA, the server's certificate and the server's key. */
  readonly ca: string
  readonly cert: string
  readonly key: string
}

const dayMs = 24 * 60 * 60 * 1000
const validDays = 365
const renewDays = 30

/**
 * A private CA and one server certificate for `hostNames`, kept in `directory` and made anew when other names
 * are asked for or fewer than 30 days are left. The CA's key is never written: nothing else can be signed by it.
 */
export async function issueCertificates(
  directory: string,
  hostNames: readonly string[],
  now = Date.now(),
): Promise<Certificates> {
  const kept = await read(directory)
  if (kept && serves(kept, hostNames, now)) return kept

  // Rename, then remove: another process reads either the old set or the new one, never a mix.
  const old = `${directory}.old-${randomBytes(6).toString('hex')}`
  if (existsSync(directory)) await rename(directory, old)
  await buildDirectory(directory, (draft) => issue(draft, hostNames, now))
  await rm(old, { recursive: true, force: true })

  const made = await read(directory)
  if (!made) throw new Error('The certificates just made cannot be read')
  return made
}

async function read(directory: string): Promise<Certificates | undefined> {
  const caFile = join(directory, 'ca.pem')
  const files = [caFile, join(directory, 'cert.pem'), join(directory, 'key.pem')]
  if (!files.every((file) => existsSync(file))) return undefined

  const [ca = '', cert = '', key = ''] = await Promise.all(files.map((f) => readFile(f, 'utf8')))
  return { caFile, ca, cert, key }
}

function serves({ ca, cert }: Certificates, hostNames: readonly string[], now: number): boolean {
  const certificates = [new ReadCertificate(ca), new ReadCertificate(cert)]
  const renewAt = now + renewDays * dayMs
  const [, server] = certificates
  return (
    certificates.every((certificate) => Date.parse(certificate.validTo) > renewAt) &&
    hostNames.every((name) => server?.checkHost(name) === name)
  )
}

async function issue(directory: string, hostNames: readonly string[], now: number): Promise<void> {
  const authority = await createAuthority({ now, validDays })
  const { cert, key } = await authority.certify({ hostNames })
  await writeFile(join(directory, 'ca.pem'), authority.ca)
  await writeFile(join(directory, 'cert.pem'), cert)
  await writeFile(join(directory, 'key.pem'), key, { mode: 0o600 })
}
