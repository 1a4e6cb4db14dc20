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
