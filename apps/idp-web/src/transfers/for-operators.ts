/** What operators' commands and the generated documents know of transfers. */
export { problems } from './problems.ts'
export { emailName, webhookSecretName } from './sealed-names.ts'
export { isAddressRefused } from './source-address.ts'
export { reasonWords, stateWords } from './words.ts'
