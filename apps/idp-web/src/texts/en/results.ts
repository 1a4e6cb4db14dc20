/** The pages at the end of a check. None says which answer did not match. */
export const results = {
  tries: (count: number) =>
    count === 1 ? 'You have 1 try left.' : `You have ${count} tries left.`,
  noTries: 'You have no tries left for now.',
  again: (time: string) => `You can try again after ${time}.`,
  notUsed: 'This did not use up a try.',
  otherTitle: 'Is this not working for you?',
  otherLink: 'See other ways to prove who you are',
  tryAgain: 'Try again',
  nothingToType: 'You do not need to type anything again.',
  changeDetails: 'Change your details',
  changePhone: 'Change your phone number',

  detailsVerified: {
    title: 'Your details match',
    text: 'The records agree with what you told us.',
    nextTitle: 'One more step',
    next: 'We still need a phone number that belongs to you.',
    continue: 'Continue',
  },
  verified: {
    title: 'You are verified',
    text: 'You have proved who you are.',
    nextTitle: 'What happens now',
    next: 'There is nothing more to do. You can leave this page. When you leave, we delete what you typed.',
    nextWithCredential:
      'If you want a credential, get it before you leave. When you leave, we delete what you typed, and you would have to prove who you are again.',
    keptTitle: 'What we kept',
    kept: [
      'That a check took place, when, and how it ended.',
      'For a few hours, a code that lets us count tries. Nobody can read your answers from it.',
      'Nothing that says who you are.',
    ],
    credentialTitle: 'Take your proof with you',
    credential:
      'You can get a credential: a PDF file that says who you are, and that anyone can check.',
    getCredential: 'Get your credential',
    finish: 'Finish and delete my answers',
  },
  detailsNotVerified: {
    title: 'We could not verify you',
    text: 'What you told us does not match the records we asked. To keep people safe, we cannot say which part.',
    doTitle: 'What you can do',
    do: [
      'Look for typing mistakes, such as two digits the wrong way round.',
      'Compare each answer with your card.',
      'If you moved or changed your name not long ago, try your old address or name.',
    ],
  },
  phoneNotVerified: {
    title: 'We could not verify your phone number',
    text: 'The records we asked do not show this number as yours at your address. To keep people safe, we cannot say more.',
    doTitle: 'What you can do',
    do: [
      'Look for typing mistakes in the number.',
      'Use a number that is in your own name. A work phone or a family plan may not work.',
      'If you moved not long ago, your old address may still be on record.',
    ],
    changeAddress: 'Change your address',
    changeAddressNote: 'If you change your address, we check your details again.',
  },
  rejectedInput: {
    title: 'We could not use your answers',
    text: 'The record keepers did not accept your answers as they are. Look for typing mistakes and send them again.',
  },
  vendorTrouble: {
    title: 'The record keepers did not answer',
    text: 'It is not your fault, and your answers may well be right. We could not get an answer from the records we asked. Wait a few minutes, then try again.',
  },
  timedOut: {
    title: 'The check took too long',
    text: (seconds: number) =>
      `We wait at most ${seconds} seconds for an answer, so we stopped. It is not your fault. Trying again often works.`,
  },
  expiredUnread: {
    title: 'The answer is no longer here',
    text: (seconds: number) =>
      `We had an answer for you, but nobody opened it. To keep you safe, we delete an answer after ${seconds} seconds. Try again and keep the page open.`,
  },
  cancelled: {
    title: 'You stopped the check',
    text: 'We did not use an answer from it. Your details are still here until you leave.',
  },
  stoppedLate: {
    title: 'You stopped the check',
    text: 'The record keepers had already been asked, so this may count as a try. Your details are still here until you leave.',
  },
  internal: {
    title: 'Something went wrong on our side',
    text: 'We could not finish the check. It is not your fault. We have made a record of the error.',
  },
  limited: {
    title: 'You have tried too many times',
    text: 'To keep people safe from others who guess, we limit how often anyone can try.',
    againTitle: 'When you can try again',
    note: 'If you leave before then, we delete your answers. You can start again from the first page.',
    over: {
      title: 'You can try again now',
      text: 'You had tried too many times. The time you had to wait is over.',
    },
  },
}
