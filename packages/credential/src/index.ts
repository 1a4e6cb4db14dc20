export {
  algorithm,
  type CredentialClaims,
  credentialClaims,
  credentialType,
  paths,
  type RevocationClaims,
  revocationClaims,
  revocationId,
  revocationsType,
} from './claims.ts'
export { daysOf, momentsOf } from './days.ts'
export { type CredentialSigner, createCredentialSigner, publicKeysOf } from './sign.ts'
export { type SigningKey, signingKey, signingKeyFrom } from './signing-key.ts'
