import 'reflect-metadata'
import { randomBytes, webcrypto } from 'node:crypto'
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

/** A private certificate authority. Its key is never written: nothing can be signed by it once this is gone. */
export interface Authority {
  /** PEM */
  readonly ca: string
  certify(wanted: Wanted): Promise<Certified>
}

export interface Wanted {
  /** None for a client. */
  readonly hostNames: readonly string[]
  readonly role?: 'server' | 'client'
  readonly notBefore?: Date
  readonly notAfter?: Date
}

/** PEM of both. */
export interface Certified {
  readonly cert: string
  readonly key: string
}

export interface Lifetime {
  readonly now: number
  readonly validDays: number
}

const dayMs = 24 * 60 * 60 * 1000
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** What it certifies holds as long as itself, unless something else is wanted. */
export async function createAuthority({ now, validDays }: Lifetime): Promise<Authority> {
  const lifetime = {
    notBefore: new Date(now - dayMs),
    notAfter: new Date(now + validDays * dayMs),
  }
  const keys = await generateKeys()
  const ca = await sign({
    ...lifetime,
    subject: 'CN=Anteroom local CA',
    publicKey: keys.publicKey,
    issuer: 'CN=Anteroom local CA',
    signingKey: keys.privateKey,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })

  return {
    ca: `${ca.toString('pem')}\n`,
    async certify({ hostNames, role = 'server', ...dates }) {
      const own = await generateKeys()
      const cert = await sign({
        ...lifetime,
        ...dates,
        subject: `CN=Anteroom local ${role}`,
        publicKey: own.publicKey,
        issuer: ca.subject,
        signingKey: keys.privateKey,
        extensions: [
          new BasicConstraintsExtension(false, undefined, true),
          new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
          new ExtendedKeyUsageExtension([
            role === 'server' ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth,
          ]),
          ...namesOf(hostNames),
          await SubjectKeyIdentifierExtension.create(own.publicKey),
          await AuthorityKeyIdentifierExtension.create(keys.publicKey),
        ],
      })
      return { cert: `${cert.toString('pem')}\n`, key: await pemOf(own.privateKey) }
    },
  }
}

function namesOf(hostNames: readonly string[]): Extension[] {
  if (hostNames.length === 0) return []
  return [new SubjectAlternativeNameExtension(hostNames.map((value) => ({ type: 'dns', value })))]
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

interface Statement {
  readonly subject: string
  readonly publicKey: webcrypto.CryptoKey
  readonly issuer: string
  readonly signingKey: webcrypto.CryptoKey
  readonly notBefore: Date
  readonly notAfter: Date
  readonly extensions: Extension[]
}

function sign(wanted: Statement): Promise<X509Certificate> {
  return X509CertificateGenerator.create({
    ...wanted,
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
