import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Sealer, sealTextFor } from '@anteroom/crypto'
import { destinationSecretName } from '@anteroom/job-contracts'
import { stringify } from 'yaml'
import {
  agencyNames,
  agencyPaths,
  type SampleAgency,
  type SampleAgencyOptions,
} from '../sandbox/agency/sample-agency.ts'
import { sourceFiles } from '../sandbox/agency/source-files.ts'
import type { ScenarioGroup } from '../sandbox/scenario-groups.ts'
import { type AwsPrincipal, localRegion } from './aws-principals.ts'
import type { Certificates } from './certificates.ts'
import type { Ports } from './ports.ts'
import type { BucketOptions } from './s3.ts'
import type { Secrets } from './secrets.ts'
import { publicUrlAt } from './services.ts'

/** What the sample agency is in a local stack: who it is in S3, where the worker finds it, and where files can be moved to. */

const accessKeyId = 'LOCALAGENCY'
const sftpHost = 'sftp.agency.test'

export function agencyPrincipal({ awsAgency }: Secrets): AwsPrincipal {
  return { name: 'agency', accessKeyId, secretAccessKey: awsAgency }
}

/** Its own, and not one of ours: the worker comes there with the agency's key. */
export const agencyBucket: BucketOptions = {
  name: agencyNames.bucket,
  grants: [
    {
      principal: 'agency',
      actions: [
        's3:PutObject',
        's3:GetObject',
        's3:ListBucket',
        's3:DeleteObject',
        's3:AbortMultipartUpload',
      ],
    },
  ],
}

interface Given {
  readonly certificates: Certificates
  readonly secrets: Secrets
}

export function agencyOptions(
  { directory, ports }: { readonly directory: string; readonly ports: Ports },
  { certificates, secrets }: Given,
): SampleAgencyOptions {
  return {
    ports: {
      page: ports.agency,
      files: ports.agencyFiles,
      graph: ports.agencyGraph,
      sftp: ports.agencySftp,
    },
    certificates,
    directory: join(directory, 'agency'),
    token: secrets.sampleAgency,
    webhookSecret: webhookSecretOf(secrets),
    s3: {
      endpoint: `http://127.0.0.1:${ports.s3}`,
      region: localRegion,
      credentials: { accessKeyId, secretAccessKey: secrets.awsAgency },
    },
  }
}

export function webhookSecretOf({ sampleWebhook }: Secrets): string {
  return `whsec_${Buffer.from(sampleWebhook, 'base64url').toString('base64')}`
}

/** What the proxy lets through to it. Microsoft's names and that of SFTP it knows; the rest the worker has looked up. */
export function allowedAgency({ agencyFiles, agencyGraph, agencySftp }: Ports) {
  const here = (port: number) => ({ host: '127.0.0.1', port })
  return {
    'graph.vendors.test': here(agencyGraph),
    'login.vendors.test': here(agencyGraph),
    [`${sftpHost}:22`]: here(agencySftp),
    [`127.0.0.1:${agencyFiles}`]: here(agencyFiles),
    [`127.0.0.1:${agencyGraph}`]: here(agencyGraph),
  }
}

/** One destination of each type, by name. */
export const sampleDestinations = {
  graph: 'sample-drive',
  s3: 'sample-bucket',
  https: 'sample-server',
  sftp: 'sample-sftp',
} as const

interface Around {
  readonly s3Url: string
  readonly secrets: Secrets
  readonly sealer: Sealer
}

/** The destinations of a local stack: the sample agency's. Returns the file. */
export async function writeDestinations(
  directory: string,
  { filesUrl, sftp }: SampleAgency,
  { s3Url, secrets, sealer }: Around,
): Promise<string> {
  const sealText = sealTextFor(sealer, 'settings')
  const seal = (id: string, secret: string) => sealText({ name: destinationSecretName, id }, secret)
  const { tenant, clientId, driveId, bucket, username } = agencyNames
  const names = sampleDestinations
  const destinations = [
    {
      ...{ name: names.graph, type: 'graph', tenant, client_id: clientId, drive_id: driveId },
      client_secret: await seal(names.graph, secrets.sampleAgency),
      login_url: 'https://login.vendors.test',
      graph_url: 'https://graph.vendors.test/v1.0',
    },
    {
      ...{ name: names.s3, type: 's3', bucket, region: localRegion, endpoint: s3Url },
      access_key_id: accessKeyId,
      secret_access_key: await seal(names.s3, secrets.awsAgency),
    },
    {
      ...{ name: names.https, type: 'https', url: filesUrl + agencyPaths.incoming },
      authorization: await seal(names.https, `Bearer ${secrets.sampleAgency}`),
    },
    {
      ...{ name: names.sftp, type: 'sftp', host: sftpHost, username, host_key: sftp.hostKey },
      private_key: await seal(names.sftp, sftp.clientKey),
      folder: '/in',
    },
  ]
  const file = join(directory, 'destinations.yaml')
  await writeFile(file, stringify({ destinations }))
  return file
}

/** Where the sample consumer's key lies. */
export const sampleKeyFile = (directory: string): string => join(directory, 'sample-key')

/** What the sandbox page says of all this. */
export function agencyScenarios(directory: string, ports: Ports): ScenarioGroup {
  const sources = Object.entries(sourceFiles).map(([name, about]) => ({
    input: `https://localhost:${ports.agencyFiles}${agencyPaths.sources}/${name}`,
    effect: `A source. ${about}.`,
  }))
  const destinations = Object.entries(sampleDestinations).map(([type, input]) => ({
    input,
    effect: `A destination, of the type ${type}.`,
  }))
  return {
    title: 'Moving documents',
    hint: `Ask for it as ${publicUrlAt(ports)}/api says, with the key in the file ${sampleKeyFile(directory)}. What arrived, and what the webhook was told, is at http://127.0.0.1:${ports.agency}.`,
    values: [...sources, ...destinations],
  }
}
