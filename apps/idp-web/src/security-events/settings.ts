import { flag } from '@anteroom/runtime'

/** What the web's settings say of security events. The names are Login.gov's. */
export const securityEventSettings = {
  pushNotificationsEnabled: flag()
    .default(true)
    .describe(
      'Whether partners with security_events in the partners file are told of what happens to accounts. Otherwise nothing is written down for them, and it is never told.',
    ),
  riscNotificationsActiveJobEnabled: flag()
    .default(true)
    .describe(
      'Whether what partners are to be told is signed and queued for the worker. Otherwise it is held, and told in order once this is on again.',
    ),
}
