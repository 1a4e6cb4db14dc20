/** What operators seal for the web (purpose `record`), each by the id of its consumer. */
export const webhookSecretName = 'transfer-webhook'
export const emailName = 'transfer-email'
