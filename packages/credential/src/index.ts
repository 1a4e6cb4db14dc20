export {
  algorithm,
  type CredentialClaims,
  credentialClaims,
  credentialType,
  type RevocationClaims,
  revocationClaims,
  revocationId,
  revocationsType,
} from './claims.ts'
export { paths } from './paths.ts'
export { toPublicKey } from './public-keys.ts'
export { openRevocations } from './verify.ts'
