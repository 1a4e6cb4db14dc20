import { account } from './en/account.ts'
import { consent, start } from './en/beginning.ts'
import { credential } from './en/credential.ts'
import { check, details, phone } from './en/details.ts'
import { documentCapture } from './en/document-capture.ts'
import { documentRead } from './en/document-read.ts'
import { factors } from './en/factors.ts'
import { frame } from './en/frame.ts'
import { identity } from './en/identity.ts'
import { lineWords } from './en/line-words.ts'
import { openid } from './en/openid.ts'
import { errors, otherWays, paused, sandbox, sessionEnded, toldEvents } from './en/others.ts'
import { results } from './en/results.ts'
import { sendCredential } from './en/send-credential.ts'
import { verifyCredential } from './en/verify-credential.ts'
import { waiting } from './en/waiting.ts'

/** American English: the catalogue that the others follow, key for key. */
export const en = {
  /** BCP 47, for `lang` and for Intl. */
  language: 'en-US',
  frame,
  start,
  consent,
  documentCapture,
  documentRead,
  details,
  check,
  waiting,
  phone,
  results,
  credential,
  sendCredential,
  lineWords,
  openid,
  otherWays,
  paused,
  sessionEnded,
  errors,
  sandbox,
  toldEvents,
  verifyCredential,
  account,
  factors,
  identity,
}
