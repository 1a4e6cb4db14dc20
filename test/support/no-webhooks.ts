import { admitAll } from '../../apps/worker/src/admission.ts'
import type { Webhooks } from '../../apps/worker/src/webhooks/webhooks.ts'

/** Consumers that nobody can tell anything. */
export const noWebhooks: Webhooks = {
  admit: admitAll,
  post: async () => {
    throw new Error('There are no webhooks here')
  },
}
