import type { MailTemplate } from '@anteroom/job-contracts'

/** What one e-mail says, in the order in which it is read. */
export interface MailWords {
  readonly subject: string
  /** @param service What this service calls itself. */
  readonly paragraphs: (service: string) => readonly string[]
  /** What the link is for. */
  readonly action: string
  /** Below the link. */
  readonly after: readonly string[]
}

const notYou = 'If it was not you, you do not have to do anything.'
const alarm =
  'If it was not you, somebody else can get into your account. Choose a new password at once.'

/** American English. */
export const englishWords = {
  'confirm-address': {
    subject: 'Confirm your e-mail address',
    paragraphs: (service) => [
      `Somebody, and we hope it was you, wants to make an account at ${service} with this address.`,
      'Open the link to go on.',
    ],
    action: 'Confirm this address',
    after: [`${notYou} Without the link there will be no account.`],
  },
  'already-an-account': {
    subject: 'You already have an account',
    paragraphs: (service) => [
      `Somebody, and we hope it was you, wanted to make an account at ${service} with this address. There is one already.`,
      'Sign in to it as ever. If you do not know your password, open the link to choose a new one.',
    ],
    action: 'Choose a new password',
    after: [`${notYou} Your account stays as it is.`],
  },
  recovery: {
    subject: 'Get back into your account',
    paragraphs: (service) => [
      `Somebody, and we hope it was you, asked for a new password for your account at ${service}.`,
      'Open the link to choose one.',
    ],
    action: 'Choose a new password',
    after: [`${notYou} Your password stays as it is.`],
  },
  'no-account': {
    subject: 'There is no account with this address',
    paragraphs: (service) => [
      `Somebody, and we hope it was you, wanted to get into an account at ${service} with this address. There is none.`,
      'You may have used another address. You can also make an account.',
    ],
    action: 'Make an account',
    after: [notYou],
  },
  'new-address': {
    subject: 'Confirm your new e-mail address',
    paragraphs: (service) => [
      `Somebody, and we hope it was you, wants to use this address for their account at ${service}.`,
      'Open the link to go on.',
    ],
    action: 'Use this address',
    after: [`${notYou} Without the link this address will not be used.`],
  },
  'address-changed': {
    subject: 'The e-mail address of your account has changed',
    paragraphs: (service) => [
      `Your account at ${service} has another e-mail address now. This one does not belong to it any more.`,
    ],
    action: 'Open your account',
    after: [alarm],
  },
  'password-changed': {
    subject: 'Your password has changed',
    paragraphs: (service) => [`Your account at ${service} has a new password.`],
    action: 'Open your account',
    after: [alarm],
  },
  'factor-added': {
    subject: 'There is a new way to sign in to your account',
    paragraphs: (service) => [`A way to sign in was added to your account at ${service}.`],
    action: 'Open your account',
    after: [alarm],
  },
  'factor-removed': {
    subject: 'A way to sign in to your account was removed',
    paragraphs: (service) => [`A way to sign in was removed from your account at ${service}.`],
    action: 'Open your account',
    after: [alarm],
  },
  'new-sign-in': {
    subject: 'Somebody signed in to your account',
    paragraphs: (service) => [
      `Somebody, and we hope it was you, signed in to your account at ${service} from a browser that we had not seen there before.`,
    ],
    action: 'Open your account',
    after: [alarm],
  },
  'account-deleted': {
    subject: 'Your account was deleted',
    paragraphs: (service) => [
      `Your account at ${service} was deleted, with everything that was kept in it. It cannot be brought back.`,
    ],
    action: 'Go to the first page',
    after: ['If it was not you, somebody else could get into your account.'],
  },
  'fraud-reported': {
    subject: 'Choose a new password for your account',
    paragraphs: (service) => [
      `A service that you use with your account at ${service} told us that somebody else may have got into the account.`,
      'To keep it safe we took the password away and signed out every device. Nobody can sign in before you have chosen a new password.',
    ],
    action: 'Choose a new password',
    after: [
      'Then look at the ways to sign in to your account, and remove those that are not yours.',
    ],
  },
  'transfer-key-expiring': {
    subject: 'A key for moving documents is about to expire',
    paragraphs: (service) => [
      `A key with which your program asks ${service} to move documents expires soon. From then on its requests are refused.`,
      'Ask whoever runs this service for a new key. Both are good until the old one expires, so your program can change over without a break.',
    ],
    action: 'Read how keys work',
    after: ['You get this because your address is the one to be told of it.'],
  },
} satisfies Record<MailTemplate, MailWords>

/** The facts that an e-mail may name, in their order, by the names they come under. */
export const factNames = {
  factor: 'What',
  consumer: 'Program',
  key: 'Key',
  browser: 'Browser',
  system: 'System',
  at: 'When',
} as const

/** Ways to sign in, by their kinds. */
export const factorNames: Readonly<Record<string, string>> = {
  passkey: 'Passkey',
  totp: 'Authenticator app',
  'backup-codes': 'Backup codes',
}

export const linkLasts = (minutes: string): string =>
  `The link can be used once, within ${minutes} minutes.`

export const footer = (service: string): readonly string[] => [
  `${service} never asks for a password or a code by e-mail.`,
  'This message was sent by a machine. Nobody reads replies.',
]
