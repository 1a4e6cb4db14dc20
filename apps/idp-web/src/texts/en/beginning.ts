/** The start page and the consent page. */
export const start = {
  title: 'Prove who you are',
  lead: 'We help you show that you are you, so that nobody else can use your name.',
  needTitle: 'What you need',
  needDocument:
    'Your driver’s license, state ID card or passport, and a device that can take photos',
  needCard: 'Your driver’s license or state ID card',
  need: [
    'Your Social Security number',
    'Your home address in the United States',
    'A phone number in your name',
  ],
  howTitle: 'How it works',
  howDocument: {
    title: 'Show your ID',
    text: 'You take photos of it. We read them and delete them. This often takes a few seconds.',
  },
  how: [
    {
      title: 'Tell us about you',
      text: 'You fill in one form. You can check your answers before you send them.',
    },
    {
      title: 'We compare',
      text: 'We ask trusted record keepers if your answers match what they have. This often takes a few seconds. It never takes more than a minute.',
    },
    { title: 'We check your phone', text: 'You give a phone number. We ask if it belongs to you.' },
  ],
  time: 'Plan for about 5 minutes.',
  keepTitle: 'What we keep',
  keep: 'Your answers are locked with a key and deleted when your visit ends. After that we keep nothing you typed.',
  keepPhotos: 'Photos of your ID are deleted as soon as they are read.',
  next: 'Get started',
}

export interface KeepTimes {
  readonly minutes: number
  readonly hours: number
  readonly outcomeSeconds: number
}

export const consent = {
  title: 'Before you begin',
  lead: 'Please read what we do with your answers. Then tell us if you agree.',
  why: {
    title: 'Why we ask',
    text: 'We use your answers for one thing: to check that you are who you say you are.',
  },
  collect: {
    title: 'What we collect',
    text: 'Your name, date of birth, home address, driver’s license or state ID number, Social Security number and phone number.',
    textWithPhotos:
      'Photos of your ID. Your name, date of birth, home address, driver’s license, state ID or passport number, Social Security number and phone number.',
  },
  ask: {
    title: 'Who we ask',
    text: 'We send your answers to companies that keep identity records, to the office that issued your license or ID, and to a company that keeps phone records. They tell us only whether your answers match. This does not change your credit score.',
    photos: 'A company that reads ID documents for us may get your photos.',
  },
  photos: {
    title: 'Photos of your ID',
    text: 'We read what your ID says from photos that you take. They are locked with a key before they are stored. We use them for nothing else.',
  },
  keepTitle: 'How long we keep it',
  keepPhotos:
    'Photos of your ID: until we have read them. If you leave before that, less than an hour.',
  keep: ({ minutes, hours, outcomeSeconds }: KeepTimes) => [
    `Your answers: until you leave, or until you have been away for ${minutes} minutes. Never longer than ${hours} hours.`,
    `What a check found: ${outcomeSeconds} seconds.`,
    'A code that lets us count tries: a few hours. Nobody can read your answers from it.',
    'After that: nothing that says who you are.',
  ],
  refuseTitle: 'If you say no',
  refuse:
    'That is fine. You can prove who you are in another way, such as in person. We will not hold it against you.',
  refuseLink: 'See other ways to prove who you are',
  agree: 'I agree that Anteroom may use my answers to check who I am.',
  agreeLegend: 'Your choice',
  missing: 'Check the box if you agree. If you do not agree, use another way.',
  next: 'Continue',
}
