export { type AddressCheck, type AddressClient, createAddressClient } from './address/client.ts'
export type { AddressApplicant } from './address/request.ts'
export { createOutboundAgent, type OutboundAgent, type OutboundAgentOptions } from './agent.ts'
export {
  createDocumentsClient,
  type DocumentsClient,
  type DocumentsRead,
} from './documents/client.ts'
export type {
  DocumentAlert,
  VendorDocument,
  VendorProblem,
  VendorReading,
} from './documents/reply.ts'
export type { DocumentFile, DocumentQuestion } from './documents/request.ts'
export { createQuickXorHash, type QuickXorHash } from './graph/quick-xor-hash.ts'
export {
  type CallOptions,
  createVendorHttp,
  type StreamedBody,
  type VendorHttp,
  type VendorHttpOptions,
  type VendorRequest,
} from './http.ts'
export { createMailClient, type Letter, type MailClient } from './mail/client.ts'
export {
  createRegistryClient,
  type RegistryClient,
  type RegistryEnter,
} from './registry/client.ts'
export type { RegistryEntry } from './registry/reply.ts'
export type { RegistryPerson } from './registry/request.ts'
export {
  createResolutionClient,
  type ResolutionCheck,
  type ResolutionClient,
} from './resolution/client.ts'
export type { ResolutionApplicant } from './resolution/request.ts'
export { createStateIdClient, type StateIdCheck, type StateIdClient } from './state-id/client.ts'
export type { StateIdApplicant } from './state-id/request.ts'
export type { VendorAnswer } from './vendor-answer.ts'
export { VendorError, type VendorErrorCode } from './vendor-error.ts'
