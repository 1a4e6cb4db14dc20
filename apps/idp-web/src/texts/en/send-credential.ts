/** Sending an issued credential to an agency. */

const agencies = {
  title: 'Send your credential to an agency',
  lead: 'We can send the file straight to an agency that takes it.',
  choose: 'Choose an agency',
  next: 'You will see what we send before anything leaves.',
  none: 'No agency takes credentials right now. You can still save the file and hand it over.',
  closed: (agency: string) =>
    `${agency} does not take credentials right now. We did not send anything.`,
  back: 'Back to your credential',
}

const consent = {
  title: (agency: string) => `Send your credential to ${agency}`,
  lead: 'Read this first. You decide if it is sent.',
  whatTitle: 'What we send',
  what: [
    'The PDF file that you see on your credential page.',
    'It shows your name, your date of birth and the number of your credential.',
    'It proves that we checked who you are.',
  ],
  whoTitle: 'Who gets it',
  who: (agency: string) => `${agency}, and no one else.`,
  finalTitle: 'You cannot take it back',
  final:
    'Once the file has arrived, we cannot delete it there. The agency decides how long it keeps it. Ask the agency about that.',
  keepTitle: 'What we keep',
  keep: [
    'A locked copy of the file, until it has arrived. We try for one hour at most. Then the copy is gone.',
    'If you finish your visit, we still send it.',
    'A note that a credential was sent, when, and to whom. Your name is not in it.',
    'If you are signed in, your account shows that you agreed.',
  ],
  agree: (agency: string) => `I agree that you send my credential to ${agency}.`,
  agreeLegend: 'Your choice',
  missing: 'Check the box if you agree. If you do not, go back.',
  send: 'Send it now',
  codeTitle: 'Did the agency ask you for a code?',
  code: 'Then we send nothing yet. We give you a code, and the agency gets the file with it.',
  codeButton: 'Get a code instead',
  back: 'Do not send it',
}

const code = {
  title: 'Your code for the agency',
  lead: (agency: string) => `Give this code to ${agency}. With it they get your credential.`,
  label: 'Your code',
  until: (time: string) => `It works until ${time}, and only once.`,
  rules: [
    'Only this agency can use it.',
    'We show it this one time. If you make another one, this one stops working.',
    'If you select “Finish and delete my answers”, it stops working too.',
  ],
  status: 'See if it was used',
}

const status = {
  unused: {
    title: 'Your credential was not sent yet',
    text: (agency: string) => `We wait for ${agency} to use your code.`,
  },
  sending: {
    title: 'Your credential is being sent',
    text: (agency: string) => `We are sending it to ${agency}. This often takes a few seconds.`,
  },
  waiting: {
    title: 'Your credential is not there yet',
    text: (agency: string) =>
      `We could not hand it over to ${agency} so far. We try again by ourselves, for one hour at most. You can close this page.`,
  },
  delivered: {
    title: 'Your credential has arrived',
    text: (agency: string) => `${agency} has your credential. You do not need to do more here.`,
  },
  failed: {
    title: 'Your credential could not be sent',
    titleUnknown: 'Your credential may not have arrived',
    unreachable: (agency: string) =>
      `We tried, but could not reach ${agency}. It is not your fault.`,
    refused: (agency: string) => `${agency} did not take the file. It is not your fault.`,
    late: (agency: string) =>
      `Time was up before we knew that ${agency} has it. It is not your fault.`,
    otherFile: (agency: string) => `${agency} asked for a different file. It is not your fault.`,
    stopped: (agency: string) => `It was stopped before it reached ${agency}.`,
    internal: (agency: string) =>
      `Something went wrong on our side while we sent it to ${agency}. It is not your fault.`,
    nothing: 'They did not get the file.',
    unknown: 'We do not know if it arrived. Ask them.',
    deleted: 'The copy that we made to send it is deleted.',
    again: 'Try again',
    over: 'Your credential is no longer on this site, so we cannot send it again from here. If you saved the file, you can hand it over yourself.',
  },
  byItself: 'This page keeps itself up to date.',
  unreachable: 'We cannot reach Anteroom right now. Check your connection. We keep trying.',
  reachable: 'We are connected again.',
  changed: 'There is news. Showing it to you now.',
  noScript: 'This page looks for news every 5 seconds.',
  noScriptStopped: 'This page does not look for news by itself now.',
  stopRefresh: 'Stop looking by itself',
  startRefresh: 'Look every 5 seconds again',
  checkAgain: 'Check again',
  back: 'Back to your credential',
}

export const sendCredential = { agencies, consent, code, status }
