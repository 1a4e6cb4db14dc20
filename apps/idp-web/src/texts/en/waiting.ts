/** The waiting page. */
export const waiting = {
  checks: {
    'document-proofing': {
      title: 'We are reading your ID',
      lead: 'We find out from your photos what your ID says. Then we delete the photos.',
    },
    'resolution-proofing': {
      title: 'We are checking your details',
      lead: 'We have asked the record keepers if your answers match what they have.',
    },
    'address-proofing': {
      title: 'We are checking your phone number',
      lead: 'We have asked if this phone number belongs to you at your address.',
    },
  },
  duration: (seconds: number) =>
    `This often takes a few seconds. It takes at most ${seconds} seconds. You will then get an answer from us, even if it is that we could not find out.`,
  byItself: 'You do not need to do anything. This page moves on by itself when there is an answer.',
  progress: 'Time used',
  elapsed: {
    before: 'Time so far: ',
    after: (seconds: number) => ` of at most ${seconds} seconds`,
  },
  status: {
    unreachable:
      'We cannot reach Anteroom right now. Check your connection. We keep trying, and your check goes on.',
    reachable: 'We are connected again. Your check goes on.',
    finishing: 'The time is up. We are getting your answer.',
    answered: 'We have an answer. Taking you to it now.',
  },
  continue: 'Continue',
  noScript: 'This page looks for an answer every 5 seconds.',
  noScriptStopped: 'This page does not look for an answer by itself now.',
  stopRefresh: 'Stop looking by itself',
  startRefresh: 'Look every 5 seconds again',
  checkAgain: 'Check again',
  stop: 'Stop this check',
}
