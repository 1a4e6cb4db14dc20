import type { ErrorStatus } from '../../plugins/http-error.ts'

/** Pages that belong to no step. */
export const otherWays = {
  title: 'Other ways to prove who you are',
  lead: 'You do not have to use this website. Each of these ways is just as good.',
  ways: [
    {
      title: 'In person',
      text: 'Go to a post office that offers identity checks, or to the desk of the agency that sent you here. Bring your driver’s license or state ID and a letter with your address on it.',
    },
    {
      title: 'By phone',
      text: 'Call the agency that sent you here. Its number is on the letter or website that told you about us. Someone can tell you which papers you need.',
    },
    {
      title: 'With help from someone you trust',
      text: 'A friend or a family member may sit with you. Do not send anyone your Social Security number by text or e-mail.',
    },
  ],
  backTitle: 'Do you want to go on here?',
  back: 'Go to the first page',
}

export const paused = {
  title: 'We have paused our checks',
  text: 'We are not checking anybody right now. It is not your fault, and it does not count as a try. Come back later.',
  kept: {
    answers:
      'We keep your answers until your visit ends. If you come back before that, you do not have to type them again.',
    photos:
      'We keep your place here until your visit ends. We will ask you for your photos when we go on.',
  },
  again: 'Try again',
}

export const sessionEnded = {
  title: 'Your visit has ended',
  text: 'You left, or you were away for too long. We deleted what you typed. Nobody who uses this device after you can see it.',
  gaveUpPlace: 'You also gave up your place in line.',
  againTitle: 'Do you want to go on?',
  again: 'You can start again at any time. You will need to type your answers again.',
  start: 'Start again',
}

const cannotRead = {
  title: 'We could not read what was sent',
  text: 'It was not complete, or not as we expected. If a link brought you here, go back to where you found it and try again. If not, start from the first page.',
}

const ourTrouble = {
  title: 'Something went wrong on our side',
  text: 'It is not your fault. Wait a minute, then go to the first page and try again.',
}

export const errors = {
  start: 'Go to the first page',
  pages: {
    400: cannotRead,
    403: {
      title: 'We could not accept this form',
      text: 'The form is too old, or it did not come from our site. Go to the first page and try again.',
    },
    404: {
      title: 'This page does not exist',
      text: 'If you typed the address, check that it is right.',
    },
    413: cannotRead,
    415: cannotRead,
    429: {
      title: 'Please wait a few minutes',
      text: 'We got too many requests from your network. Wait 5 minutes, then try again.',
    },
    500: ourTrouble,
    503: {
      title: 'We are having trouble right now',
      text: 'Part of our service cannot be reached. It is not your fault. Wait a minute, then load this page again.',
    },
  } satisfies Record<ErrorStatus, { title: string; text: string }>,
}

interface Told {
  readonly partner: string
  readonly state: string
  readonly reason: string | null
  readonly attempts: number
}

export const toldEvents = {
  title: 'Security events',
  lead: 'What partners were told last, and how far it is. The newest stands first. There is no such page in production.',
  none: 'Nothing so far.',
  standing({ partner, state, reason, attempts }: Told): string {
    const tries = attempts === 1 ? '1 try' : `${attempts} tries`
    return `${partner}: ${state}${reason === null ? '' : `, ${reason}`}. ${tries}.`
  },
}

export const sandbox = {
  title: 'Sandbox values',
  lead: 'In the sandbox no real person is checked. These values make the pretend record keepers act in a certain way, and the pretend IDs are there to be shown. Never type or send real data here.',
  input: 'Type this',
  value: 'Value',
  effect: 'What happens',
  specimens: 'Pretend IDs',
  specimensLead:
    'Choose the kind of ID that a row names, save the files of that row, and choose them where photos are asked for. Nobody in them is real. Later, any Social Security number that starts with 900 will do.',
  specimen: 'ID and its files',
  choose: 'Choose',
  read: 'It is read, and you go on.',
  toConfirm: 'It is read without the bar code. You are asked to look closely.',
}
