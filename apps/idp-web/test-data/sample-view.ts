import type { View } from '../src/layout.ts'
import { texts } from '../src/texts/index.ts'

/** A view as a person within a session has it, for tests. */
export const sampleView: View = {
  texts: texts('en'),
  assets: {
    styles: '/assets/styles-1.css',
    icon: '/assets/icon-1.svg',
    'backup-codes': '/assets/backup-codes-1.js',
    'document-capture': '/assets/document-capture-1.js',
    form: '/assets/form-1.js',
    issued: '/assets/issued-1.js',
    line: '/assets/line-1.js',
    'local-time': '/assets/local-time-1.js',
    passkey: '/assets/passkey-1.js',
    sent: '/assets/sent-1.js',
    'session-warning': '/assets/session-warning-1.js',
    'verify-credential': '/assets/verify-credential-1.js',
    'verify-offline': '/assets/verify-offline-1.js',
    wait: '/assets/wait-1.js',
  },
  csrfToken: 'token-of-the-session',
  session: { idleSeconds: 900, absoluteSecondsLeft: 43_200 },
  path: '/verify/details',
  documents: true,
  vendorMayRead: false,
  credentials: true,
  partners: true,
}
