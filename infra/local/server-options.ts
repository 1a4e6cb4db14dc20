import { join } from 'node:path'
import { type MailCatcherOptions, mailHost } from '../sandbox/mail/mail-catcher.ts'
import type { SamplePartnerOptions } from '../sandbox/partner/sample-partner.ts'
import { vendorHosts } from '../sandbox/vendors.ts'
import { agencyBucket, allowedAgency } from './agency.ts'
import type { AwsPrincipal } from './aws-principals.ts'
import type { Certificates } from './certificates.ts'
import { samplePartnerKey } from './partners.ts'
import { bucketsFor, kmsKey, nextKmsKey } from './policies.ts'
import type { Ports } from './ports.ts'
import type { Secrets } from './secrets.ts'
import { publicUrlAt } from './services.ts'
import type { StackOptions } from './stack.ts'

/** What several servers of a local stack are told when it starts: by whom and for whom they are, and what they hold. */

export function partnerOptions(
  ports: Ports,
  { certificates, secrets }: { certificates: Certificates; secrets: Secrets },
): SamplePartnerOptions {
  return {
    port: ports.partner,
    eventsPort: ports.partnerEvents,
    certificates,
    issuer: publicUrlAt(ports),
    key: samplePartnerKey(secrets),
  }
}

export function mailOptions(
  { ports }: StackOptions,
  { certificates, secrets }: { certificates: Certificates; secrets: Secrets },
): MailCatcherOptions {
  const { mail: port, mailPage: pagePort } = ports
  return { port, pagePort, certificates, password: secrets.vendorToken }
}

export function s3Options({ directory, ports }: StackOptions, callers: AwsPrincipal[]) {
  return {
    port: ports.s3,
    directory: join(directory, 's3'),
    principals: callers,
    buckets: [...bucketsFor(publicUrlAt(ports)), agencyBucket],
  }
}

export function kmsOptions({ directory, ports }: StackOptions, callers: AwsPrincipal[]) {
  return {
    port: ports.kms,
    directory: join(directory, 'kms'),
    principals: callers,
    keys: [kmsKey, nextKmsKey],
  }
}

export function redisPasswords({ redisAdmin, redisWeb, redisWorker, redisOps }: Secrets) {
  return { admin: redisAdmin, web: redisWeb, worker: redisWorker, ops: redisOps }
}

export function allowedHosts(ports: Ports): Record<string, { host: string; port: number }> {
  const { sandbox, mail, partnerEvents } = ports
  const here = (port: number) => ({ host: '127.0.0.1', port })
  return {
    ...Object.fromEntries(vendorHosts.map((name) => [name, here(sandbox)])),
    [`${mailHost}:465`]: here(mail),
    // Partners’ names are looked up by the worker, which asks for the address.
    [`127.0.0.1:${partnerEvents}`]: here(partnerEvents),
    ...allowedAgency(ports),
  }
}
