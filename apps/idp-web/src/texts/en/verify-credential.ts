import type { VerdictName } from '../../verify-credential/verdict-names.ts'

/** The page on which anybody checks a credential that somebody shows them. */
export const verifyCredential = {
  title: 'Check a credential',
  lead: (issuer: string) =>
    `Use this page to see if a credential from ${issuer} is real and still good.`,
  needsScript:
    'The check is done in your browser, so that nothing is sent to us. For that, JavaScript must be on. If you see no answer here, turn on JavaScript or use another device.',
  checking: 'Checking the credential.',
  // What a person does next stands in the text of each.
  verdicts: {
    valid: {
      title: 'This credential is valid',
      text: 'The credential is real, and nothing in it was changed.',
    },
    'not-yet-valid': {
      title: 'This credential is not valid yet',
      text: 'It is real, but the day from which it counts has not come.',
    },
    expired: {
      title: 'This credential has expired',
      text: 'It was real, but it does not count any more. Ask for a new one.',
    },
    revoked: {
      title: 'This credential was taken back',
      text: 'It was real once. Then it was revoked, and it does not count any more. Do not accept it.',
    },
    altered: {
      title: 'This credential was changed or forged',
      text: 'It is not as it was issued. Do not accept it.',
    },
    'unknown-issuer': {
      title: 'We do not know who issued this',
      text: 'It was not issued here, or with a key we do not know. We can say nothing about it. Do not accept it as ours.',
    },
    unreadable: {
      title: 'We cannot read this credential',
      text: 'A part of it may be missing. Scan the code again, or paste all of the text.',
    },
    'keys-too-old': {
      title: 'We cannot tell right now',
      text: 'This device has not heard from us for more than 7 days. Connect it to the internet and check again.',
    },
    'no-keys': {
      title: 'We cannot tell right now',
      text: 'We could not get what is needed for the check. Connect to the internet and check again.',
    },
  } satisfies Record<VerdictName, { title: string; text: string }>,
  compare: 'Compare the name and the date of birth with a photo ID of the person in front of you.',
  facts: {
    name: 'Name',
    birth: 'Date of birth',
    issuer: 'Issued by',
    issued: 'Issued on',
    begins: 'Starts on',
    ends: 'Valid until',
    number: 'Number',
  },
  notes: {
    here: 'Checked on this device.',
    keys: 'Keys updated',
    keysOld:
      'This device has not heard from us for more than a day. Connect it to the internet and check again to be sure.',
    notRevoked: 'Not on the list of credentials that were taken back. List made',
    revocationTitle: 'We could not check if it was taken back',
    revocation:
      'There is no recent list of credentials that were taken back, and this one may be on it. Check again later, with the internet on.',
  },
  otherTitle: 'Paste a credential',
  paste: 'Text or link of the credential',
  pasteHint:
    'Scan the code with the camera of a phone. Or paste the text that stands below the code.',
  pasteMissing: 'The box is empty. Paste the text or the link of a credential into it first.',
  check: 'Check',
  privacyTitle: 'What happens to the data',
  privacy: [
    'The check is done on your device. The credential is not sent to us or to anyone else.',
    'We do not learn which one you checked, or whose it was.',
    'Nothing of it is kept on your device. Your browser may note the link you opened in its history.',
    'After your first visit, this page also works without the internet.',
  ],
}
