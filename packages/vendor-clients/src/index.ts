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
  createPushClient,
  type PushClient,
  type PushClientOptions,
  type Pushed,
  type PushOptions,
  type PushTarget,
  type WebhookMessage,
} from './push/client.ts'
export { PushError, type PushErrorCode, type ReceiverError } from './push/push-error.ts'
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
export { createBytesSource } from './transfers/bytes-source.ts'
export { release } from './transfers/chunks.ts'
export {
  type Destination,
  type FoundFile,
  isProven,
  isSameFile,
  type Place,
  type Upload,
  type UploadPlan,
} from './transfers/destination.ts'
export { createTransferDoor, type TransferDoor } from './transfers/door.ts'
export type { OpenedSource, Source, TransferCall } from './transfers/source.ts'
export { suggestedName } from './transfers/suggested-name.ts'
export { TransferError, type TransferErrorCode } from './transfers/transfer-error.ts'
export type { VendorAnswer } from './vendor-answer.ts'
export { VendorError, type VendorErrorCode } from './vendor-error.ts'
