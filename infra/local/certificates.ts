import 'reflect-metadata'
import { X509Certificate as ReadCertificate, randomBytes, webcrypto } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
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
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

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
  const notBefore = new Date(now - dayMs)
  const notAfter = new Date(now + validDays * dayMs)
  const caKeys = await generateKeys()
  const ca = await certify({
    subject: 'CN=Anteroom local CA',
    publicKey: caKeys.publicKey,
    issuer: 'CN=Anteroom local CA',
    signingKey: caKeys.privateKey,
    notBefore,
    notAfter,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  })
  const serverKeys = await generateKeys()
  const cert = await certify({
    subject: 'CN=Anteroom local server',
    publicKey: serverKeys.publicKey,
    issuer: ca.subject,
    signingKey: caKeys.privateKey,
    notBefore,
    notAfter,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(hostNames.map((value) => ({ type: 'dns', value }))),
      await SubjectKeyIdentifierExtension.create(serverKeys.publicKey),
      await AuthorityKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  })
  await writeFile(join(directory, 'ca.pem'), `${ca.toString('pem')}\n`)
  await writeFile(join(directory, 'cert.pem'), `${cert.toString('pem')}\n`)
  await writeFile(join(directory, 'key.pem'), await pemOf(serverKeys.privateKey), { mode: 0o600 })
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

interface Certified {
  readonly subject: string
  readonly publicKey: webcrypto.CryptoKey
  readonly issuer: string
  readonly signingKey: webcrypto.CryptoKey
  readonly notBefore: Date
  readonly notAfter: Date
  readonly extensions: Extension[]
}

function certify(certified: Certified): Promise<X509Certificate> {
  return X509CertificateGenerator.create({
    ...certified,
    // The first byte stays below 0x80 and above 0: a positive number of full length (RFC 5280 section 4.1.2.2).
    serialNumber: `4${randomBytes(16).toString('hex').slice(1)}`,
    signingAlgorithm: algorithm,
  })
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n')
}
