/** Signing in to partners. */
export const openid = {
  attributes: {
    email: 'Your e-mail address',
    name: 'Your name',
    birthdate: 'Your date of birth',
    address: 'Your home address',
    phone: 'Your phone number',
    proofing: 'That we have checked who you are, when and how',
  },
  unknown: 'We do not have it, so it is not shared',
  consent: {
    title: (partner: string) => `Share with ${partner}?`,
    lead: (partner: string) =>
      `${partner} asks for what is listed here. We share nothing else, and nothing before you agree.`,
    nothing: (partner: string) =>
      `${partner} asks only to know that it is you again. We tell it neither your name nor your e-mail address.`,
    list: 'What we will share',
    keep: (partner: string) =>
      `${partner} may keep what we share. You can stop sharing at any time under “Connected services” in your account.`,
    allow: 'Agree and continue',
    deny: 'Do not share',
  },
  goingOn: {
    title: 'One moment',
    lead: (partner: string) => `We are taking you on to ${partner}.`,
    link: 'Continue',
  },
  secondFactor: {
    title: (partner: string) => `${partner} asks for a second proof`,
    lead: (partner: string) =>
      `To go on to ${partner}, use a passkey, or your password and a code. A password alone is not enough.`,
    use: 'Confirm that it is you',
    add: 'Add a passkey or an authenticator app',
    back: 'When you are done, you come back here.',
    deny: (partner: string) => `Cancel and return to ${partner}`,
  },
  gone: {
    title: 'This request has ended',
    text: 'You may have finished it already, taken too long, or begun it in another browser. Go back to the service that you came from and start again there.',
    start: 'Go to the first page',
  },
  services: {
    title: 'Connected services',
    lead: 'You have signed in to these services with your account. You can stop sharing with each of them.',
    none: 'No service is connected to your account now.',
    shares: 'What it may learn',
    onlySubject: 'Only that it is you again',
    since: 'Since',
    revoke: (partner: string) => `Stop sharing with ${partner}`,
    after:
      'A service keeps what it has learned so far. It asks you anew when you sign in to it again.',
  },
  logout: {
    title: 'Sign out?',
    lead: (partner: string) => `${partner} has signed you out and asks us to do the same.`,
    leadAlone: 'You have asked us to sign you out.',
    text: 'If you share this device with others, sign out here too.',
    leave: 'Sign out here too',
    stay: 'Stay signed in',
  },
  signedOut: {
    title: 'You are signed out',
    text: 'On this device nobody can use your account now without signing in again.',
    start: 'Go to the first page',
  },
}
