import { bucketsFor, documentBucket, kmsKey } from '../local/policies.ts'
import { redisRules } from '../local/redis-acl.ts'

/**
 * `policies.auto.tfvars.json`: who may do what with the sealing key, the bucket of images and Redis, taken from what the
 * local stack enforces. Where pages come from is Terraform's own to say.
 */
export function policiesFile(): string {
  const { admin: _ofTests, ...redis_access } = redisRules
  return `${JSON.stringify({ kms_grants: kmsKey.grants, document_bucket: documents(), redis_access }, null, 2)}\n`
}

const secondsOfDay = 24 * 60 * 60

function documents() {
  const bucket = bucketsFor('').find(({ name }) => name === documentBucket)
  if (!bucket?.cors || !bucket.expireAfterSeconds)
    throw new Error('The bucket of images has no rules')
  return {
    cors_methods: bucket.cors.methods,
    cors_headers: bucket.cors.headers,
    expire_days: Math.ceil(bucket.expireAfterSeconds / secondsOfDay),
    grants: bucket.grants,
  }
}
