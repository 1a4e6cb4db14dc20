/** What a person who is verified may take away, and the line they wait in for it. */
const start = {
  title: 'Get your credential',
  lead: 'Your credential is a PDF file that says who you are. Anyone can check that it is real.',
  saysTitle: 'What it says',
  says: 'Your name, your date of birth, a number, and the dates between which it is good. It has a square code that a phone can read.',
  howTitle: 'How it works',
  how: (keptMinutes: number, fetchMinutes: number) => [
    {
      title: 'You wait in line',
      text: 'Credentials are made one by one, in the order in which people came. We show you your place and how long it may take.',
    },
    {
      title: 'You may go away for a short time',
      text: `If you close the page, we keep your place for ${keptMinutes} minutes. Come back in that time and you go on from there.`,
    },
    {
      title: 'You save your file',
      text: `You see it here and can save it for ${fetchMinutes} minutes. Then we delete it.`,
    },
  ],
  nowTitle: 'The line right now',
  inLine: (people: number): string => {
    if (people === 0) return 'Nobody is in line.'
    return people === 1
      ? '1 person is in line.'
      : `${new Intl.NumberFormat('en-US').format(people)} people are in line.`
  },
  join: 'Join the line',
}

/** Somebody is not let into the line. */
const refused = {
  full: {
    title: 'The line is too long right now',
    text: 'So many people are waiting that we would have to ask you to stand in line for hours. We would rather ask you to come back.',
    againTitle: 'When to come back',
    again: (time: string) => `You can try again after ${time}.`,
    note: 'You can keep this page open until then. If you leave, you will have to prove who you are again.',
  },
  closed: {
    title: 'The line is closed right now',
    text: 'We are not taking anyone new into the line. It is not your fault. Please come back another day.',
    note: 'You are verified all the same. When you come back, you will have to prove who you are again.',
  },
  off: {
    title: 'We have paused the line',
    text: 'We are not taking anyone new into the line right now. It is not your fault. Come back later.',
    note: 'You stay verified until your visit ends. If you come back before that, you do not have to prove who you are again.',
  },
  limited: {
    title: 'You have joined the line too many times',
    text: 'To keep the line fair, we limit how often anyone can join.',
    note: 'You can keep this page open until then. If you leave, you will have to prove who you are again.',
  },
  busyElsewhere: {
    title: 'Your credential is being made already',
    text: 'You asked for it on another device or in another browser, and it is your turn there. Go on there to get it.',
    note: 'Did you not ask for it? Get help.',
  },
  again: 'Try again',
}

const line = {
  waiting: {
    title: 'You are in line',
    lead: 'We call people in the order in which they came. You do not need to do anything.',
  },
  called: {
    title: 'We are making your credential',
    lead: 'It is your turn. This often takes less than a minute.',
  },
  issuedTitle: 'Your credential is ready',
  progress: 'Your way to the front of the line',
  byItself: 'This page keeps itself up to date. When your credential is ready, it takes you there.',
  keepTitle: 'How to keep your place',
  keep: (keptMinutes: number) => [
    'Leave this page open. You can use other tabs and windows.',
    `If you close it, we keep your place for ${keptMinutes} minutes. Come back in that time, with the same browser.`,
    'We call you only while this page is open. If you come back in time, you go on from your old place.',
  ],
  notify: 'Tell me when my credential is ready',
  notifyHint: 'Plays a short sound then. Until then it shows your place in the title of this tab.',
  status: {
    unreachable:
      'We cannot reach Anteroom right now. Check your connection. We keep trying, and your place is kept for some minutes.',
    reachable: 'We are connected again.',
    issued: 'Your credential is ready. Taking you to it now.',
  },
  continue: 'Go to your credential',
  noScript: 'This page looks for news every 20 seconds.',
  noScriptStopped:
    'This page does not look for news by itself now. Select “Check again” at least every 2 minutes to stay in line.',
  stopRefresh: 'Stop looking by itself',
  startRefresh: 'Look every 20 seconds again',
  checkAgain: 'Check again',
  leave: 'Leave the line',
  footer: (minutes: number) =>
    `While this page is open, your visit does not end. Once it is closed for ${minutes} minutes, your visit ends and we delete your answers.`,
}

const left = {
  title: 'You left the line',
  text: 'You do not wait any more. Nobody has taken your place yet.',
  keptTitle: 'If you change your mind',
  kept: (time: string) => `Your place is kept until ${time}.`,
  comeBack: 'Take my place again',
}

const gone = {
  lapsed: {
    title: 'Your place in line is gone',
    text: (keptMinutes: number) =>
      `We had not heard from your browser, so others went ahead. We keep a place for ${keptMinutes} minutes, and that time is over.`,
    next: 'You can join the line again, at the end.',
    join: 'Join the line again',
  },
  moved: {
    title: 'Your place moved to another device',
    text: 'Someone with your Social Security number asked for a credential on another device or in another browser. The place in line is there now.',
    next: 'If that was you, go on there. If it was not you, get help.',
    help: 'Get help or use another way',
  },
}

const failed = {
  timedOut: {
    title: 'Making your credential took too long',
    text: 'We waited for the office that makes credentials, and it did not finish in time. It is not your fault.',
  },
  busy: {
    title: 'The office that makes credentials did not answer',
    text: 'It is not your fault. Trying again often works.',
  },
  rejected: {
    title: 'We could not make your credential',
    text: 'The office that makes credentials did not accept your details. You are verified all the same.',
  },
  internal: {
    title: 'Something went wrong on our side',
    text: 'We could not make your credential. It is not your fault. We have made a record of the error.',
  },
  keepsPlace: 'If you try again now, you keep your place in line.',
  again: 'Try again',
}

/** It was there, and is deleted. */
const expired = {
  title: 'Your credential is no longer here',
  text: (minutes: number) =>
    `To keep you safe, we delete a credential from this site ${minutes} minutes after it is made. If you saved your file, it is still good.`,
  next: 'If you did not save it, you can get another one. We check your details again first.',
  again: 'Check my details again',
}

const issued = {
  title: 'Here is your credential',
  lead: 'Save the file now. You can use it on a screen or on paper.',
  download: 'Save the PDF',
  open: 'Open the PDF',
  send: 'Send it to an agency',
  preview: 'Your credential as a PDF',
  noPreview: 'Your browser does not show PDF files inside a page.',
  until: (time: string) => `You can get it here until ${time}. Then we delete it.`,
  about: { number: 'Number', validUntil: 'Good until' },
  checkTitle: 'How others can check it',
  check: (address: string) =>
    `They point the camera of a phone at the square code. It opens ${address}, which tells them if the credential is real. We do not learn that they looked.`,
  safeTitle: 'Keep it safe',
  safe: 'It shows your name and date of birth. Only give it to people who need to know them. On a shared computer, delete the file when you are done.',
  finish: 'Finish and delete my answers',
}

/** For pages on which somebody who stands in line might begin anew. */
const place = { text: 'You have a place in line.', link: 'Go to your place.' }

export const credential = { start, refused, line, left, gone, failed, expired, issued, place }
