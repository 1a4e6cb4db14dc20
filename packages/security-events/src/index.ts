export {
  type AnnouncedAction,
  type AnnouncedEvent,
  announcedActions,
} from './announced-actions.ts'
export { formsOf } from './event-forms.ts'
export { type SecurityEventType, securityEventTypes } from './event-types.ts'
export { type CredentialChange, type HappeningFacts, happeningFacts } from './happening.ts'
export {
  authorizationName,
  type Receiver,
  receiverSchema,
  type WireProfile,
  wireProfiles,
} from './receiver.ts'
export { tokenClaims } from './token-claims.ts'
export { tokenJsonSchema } from './token-schemas.ts'
