export {
  algorithm,
  type CredentialClaims,
  credentialClaims,
  type RevocationClaims,
} from './claims.ts'
export { daysOf, momentsOf } from './days.ts'
export { paths } from './paths.ts'
export { toPublicKey } from './public-keys.ts'
export { type CredentialSigner, createCredentialSigner, publicKeysOf } from './sign.ts'
export { type SigningKey, signingKey, signingKeyFrom } from './signing-key.ts'
export { openRevocations } from './verify.ts'
