import { destinationSecretName } from '@anteroom/job-contracts'
import { authorizationName } from '@anteroom/security-events'
import type { AwsPrincipal } from './aws-principals.ts'
import type { KmsGrant, KmsKeyOptions } from './kms.ts'
import type { BucketOptions } from './s3.ts'
import type { Secrets } from './secrets.ts'

export const kmsKeyId = '5f0c7a1e-0000-4000-8000-616e7465726d'

/** Who calls the local AWS services, and with which secret. */
export function principals(secrets: Secrets): AwsPrincipal[] {
  return [
    { name: 'web', accessKeyId: 'LOCALWEB', secretAccessKey: secrets.awsWeb },
    { name: 'worker', accessKeyId: 'LOCALWORKER', secretAccessKey: secrets.awsWorker },
    { name: 'ops', accessKeyId: 'LOCALOPS', secretAccessKey: secrets.awsOps },
    { name: 'deploy', accessKeyId: 'LOCALDEPLOY', secretAccessKey: secrets.awsDeploy },
  ]
}

const accountOrders = { purpose: ['settings'], name: ['account-order'] }
/** What operators seal for files that the worker reads. */
const sealedInFiles = {
  purpose: ['settings'],
  name: [authorizationName, destinationSecretName],
}

/**
 * The key policy of production: each service may do its half of each purpose, and nobody may do anything else. A payload
 * may be sealed only for the jobs that its maker is there to make; operators may seal nothing but their commands, whom
 * these are about, for the web what consumers of the API for transfers are told by, and for the worker the secrets in its files.
 */
export const kmsKey: KmsKeyOptions = {
  id: kmsKeyId,
  grants: [
    grantPayloads('web', [
      'document-proofing',
      'resolution-proofing',
      'address-proofing',
      'credential-issuance',
      'credential-revocations',
      'email-delivery',
      'report-again',
      'risc-delivery',
      'document-transfer',
      'webhook-delivery',
    ]),
    grant('web', 'GenerateDataKey', ['session', 'record']),
    grant('web', 'Decrypt', ['result', 'session', 'record', 'credential']),
    grant('worker', 'GenerateDataKey', ['result', 'step', 'credential']),
    grant('worker', 'Decrypt', ['payload', 'step']),
    grantPayloads('ops', ['quota-control', 'credential-revocations']),
    // How operators name an account to the web.
    { principal: 'ops', operations: ['GenerateDataKey'], context: accountOrders },
    { principal: 'web', operations: ['Decrypt'], context: accountOrders },
    { principal: 'ops', operations: ['GenerateDataKey'], context: sealedInFiles },
    { principal: 'worker', operations: ['Decrypt'], context: sealedInFiles },
    {
      principal: 'ops',
      operations: ['GenerateDataKey'],
      context: { purpose: ['record'], name: ['transfer-webhook', 'transfer-email'] },
    },
  ],
}

/** The key that comes after it, under the same policy: one is made before it is needed. */
export const nextKmsKey: KmsKeyOptions = {
  id: '5f0c7a1e-0001-4000-8000-616e7465726d',
  grants: kmsKey.grants,
}

function grant(
  principal: string,
  operation: 'GenerateDataKey' | 'Decrypt',
  purposes: readonly string[],
): KmsGrant {
  return { principal, operations: [operation], context: { purpose: purposes } }
}

function grantPayloads(principal: string, jobNames: readonly string[]): KmsGrant {
  return {
    principal,
    operations: ['GenerateDataKey'],
    context: { purpose: ['payload'], name: jobNames },
  }
}

export const settingsBuckets = {
  web: 'anteroom-settings-idp-web',
  worker: 'anteroom-settings-worker',
  ops: 'anteroom-settings-ops',
} as const

export const documentBucket = 'anteroom-documents'

/**
 * Each service, and operators, read their own settings file; only a deployment writes them. Images of documents come from our own pages
 * and from the web, which can read none of them; the worker reads and deletes them.
 *
 * @param pageOrigin Where our pages come from.
 */
export function bucketsFor(pageOrigin: string): readonly BucketOptions[] {
  return [
    settingsBucket(settingsBuckets.web, 'web'),
    settingsBucket(settingsBuckets.worker, 'worker'),
    settingsBucket(settingsBuckets.ops, 'ops'),
    {
      name: documentBucket,
      // An image of 15 MB and its tag, and a little more so that the services refuse before the bucket does.
      maxBytes: 16 * 1024 * 1024,
      cors: { origins: [pageOrigin], methods: ['PUT'], headers: ['content-type', 'if-none-match'] },
      // The worker deletes sooner; this is for what it never saw.
      expireAfterSeconds: 24 * 60 * 60,
      grants: [
        {
          principal: 'web',
          actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
          under: 'documents/',
        },
        {
          principal: 'worker',
          actions: ['s3:GetObject', 's3:DeleteObject', 's3:ListBucket'],
          under: 'documents/',
        },
      ],
    },
  ]
}

function settingsBucket(name: string, reader: string): BucketOptions {
  return {
    name,
    maxBytes: 1_000_000,
    grants: [
      { principal: reader, actions: ['s3:GetObject'] },
      { principal: 'deploy', actions: ['s3:PutObject'] },
    ],
  }
}
