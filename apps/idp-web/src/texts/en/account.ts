import type { AccountEvent } from '../../account/account-events.ts'
import { type PasswordProblem, passwordLength } from '../../account/password-rules.ts'

const address = {
  label: 'E-mail address',
  hint: 'For example: susan@example.com',
  errors: {
    missing: 'Enter your e-mail address',
    invalid: 'Enter an e-mail address such as susan@example.com',
  },
}

const password = {
  label: 'Password',
  newLabel: 'New password',
  hint: `At least ${passwordLength.min} characters. A few words that only you would put together are easy to recall and hard to guess. Spaces are fine.`,
  show: 'Show password',
  hide: 'Hide password',
  missing: 'Enter your password',
  problems: {
    missing: 'Enter a password',
    'too-short': `Enter a password of at least ${passwordLength.min} characters`,
    'too-long': `Enter a password of at most ${passwordLength.max} characters`,
    common: 'Choose another password. Many people use this one, or it is easy to guess.',
  } satisfies Record<PasswordProblem, string>,
}

/** Accounts: getting in, and what is in there. */
export const account = {
  address,
  password,
  signUp: {
    title: 'Create an account',
    lead: 'With an account you sign in to services that work with us, and see and end what you share with them.',
    next: 'Continue',
    what: 'We send you an e-mail with a link. It shows us that the address is yours.',
    haveTitle: 'Do you have an account?',
    have: 'Sign in',
  },
  signIn: {
    title: 'Sign in',
    submit: 'Sign in',
    wrong: 'The e-mail address or the password is not right. Check both and try again.',
    recover: 'I forgot my password',
    newTitle: 'Are you new here?',
    create: 'Create an account',
  },
  confirm: {
    title: 'Confirm that it is you',
    lead: 'You are about to see or change something that keeps your account safe. Please show us once more that you are here.',
    submit: 'Continue',
    wrong: 'The password is not right. Try again.',
    passkey: 'Use a passkey',
    recover: 'I forgot my password',
    back: 'Go back to your account',
  },
  recover: {
    title: 'Choose a new password',
    lead: 'Tell us the e-mail address of your account. We send you a link with which you choose a new password.',
    submit: 'Send me a link',
    back: 'Back to sign in',
  },
  sent: {
    title: 'Check your e-mail',
    text: (minutes: number) =>
      `We sent a message to the address you typed. Open the link in it within ${minutes} minutes.`,
    elsewhere: 'Did you open the link on another device? Then sign in here to go on.',
    signIn: 'Sign in',
    noneTitle: 'If nothing comes',
    none: [
      'Wait a few minutes, and look in your spam folder.',
      'Check that you typed the address right.',
    ],
    signUp: 'Create an account with another address',
    recover: 'Ask for a new password again',
  },
  link: {
    signUp: {
      title: 'Choose a password',
      lead: 'Thank you. The address is yours. Now choose a password for your account.',
      submit: 'Create my account',
    },
    recovery: {
      title: 'Choose a new password',
      lead: 'After this, your old password no longer works, and you are signed out on all devices.',
      submit: 'Save the new password',
    },
    newAddress: {
      title: 'Use this address',
      lead: 'From now on you sign in with this address, and we write to it.',
      submit: 'Use this address',
      signIn: 'Sign in to your account first. Then open the link in the e-mail again.',
    },
    forAddress: 'Your e-mail address',
    gone: {
      title: 'This link does not work any more',
      text: (minutes: number) =>
        `A link can be used once, and within ${minutes} minutes. This one was used, or it is too old.`,
      next: 'If you have done with it what you wanted, sign in. If not, ask for another one.',
    },
  },
  recovered: {
    title: 'Your new password is saved',
    text: 'You are signed out on all devices. Sign in with your new password.',
  },
  suspended: {
    title: 'This account is suspended',
    text: 'Nobody can sign in to this account now.',
    why: 'We suspend an account if we think that it is misused, or that somebody else got into it. If you do not know why, ask us.',
  },
  limited: {
    title: 'Too many tries for now',
    text: 'This keeps accounts safe from people who guess. Nothing is wrong with your account.',
    againTitle: 'When you can try again',
    recover: 'You can choose a new password by e-mail at once.',
  },
  signedOut: {
    title: 'You are signed out',
    text: 'Nobody who uses this device after you can see your account.',
    askTitle: 'Sign out',
    ask: 'You are signed in on this device.',
    submit: 'Sign out',
    again: 'Sign in again',
  },
  overview: {
    title: 'Your account',
    lead: 'What we keep about you, and what keeps it safe.',
    address: 'E-mail address',
    password: 'Password',
    passwordSet: (date: string) => `Last changed on ${date}`,
    noPassword: 'None. You sign in with a passkey.',
    change: 'Change',
    set: 'Choose one',
    created: 'Account since',
    changed: {
      password: 'Your new password is saved. You are signed out on all other devices.',
      address: 'Your new address is saved. From now on you sign in with it.',
    },
    sections: {
      title: 'More',
      identity: {
        title: 'Your identity',
        text: 'Whether you have proved who you are, and what we keep of it.',
      },
      factors: {
        title: 'Ways to sign in',
        text: 'Passkeys, codes from an app and backup codes.',
      },
      services: {
        title: 'Connected services',
        text: 'Who you have signed in to with this account, and what they see.',
      },
      sessions: { title: 'Devices', text: 'Where you are signed in now.' },
      history: { title: 'History', text: 'What happened to your account.' },
      data: { title: 'Your data', text: 'Save all that we keep about you in one file.' },
      delete: { title: 'Delete account', text: 'End it, and delete all that is in it.' },
    },
  },
  changePassword: {
    title: 'Change your password',
    lead: 'You will be signed out on all other devices.',
    submit: 'Save the new password',
  },
  changeAddress: {
    title: 'Change your e-mail address',
    lead: 'We send a link to the new address. It becomes yours when you open the link while you are signed in.',
    now: 'Your address now',
    label: 'New e-mail address',
    submit: 'Send me a link',
  },
  sessions: {
    title: 'Devices',
    lead: 'You are signed in on these devices. If you do not know one, sign it out and change your password.',
    unknown: 'A device we do not know',
    named: (browser: string, system: string) => `${browser} on ${system}`,
    thisOne: 'This device',
    used: (time: string) => `Last used ${time}`,
    signedIn: (time: string) => `Signed in ${time}`,
    end: 'Sign out',
    endOthers: 'Sign out all other devices',
    note: (minutes: number) =>
      `A device is signed out by itself ${minutes} minutes after its last page.`,
  },
  history: {
    title: 'History',
    lead: (days: number) =>
      `What happened to your account in the last ${days} days. If something was not you, change your password.`,
    none: 'Nothing so far.',
    events: {
      'account-created': 'The account was made',
      'signed-in': 'Someone signed in',
      'password-changed': 'The password was changed',
      'address-changed': 'The e-mail address was changed',
      recovered: 'A new password was chosen by e-mail',
      'session-ended': 'A device was signed out',
      'factor-added': 'A way to sign in was added',
      'factor-removed': 'A way to sign in was taken away',
      'backup-codes-made': 'Backup codes were made',
      'service-connected': 'A service was connected',
      'service-revoked': 'A service was cut off',
      proofed: 'You proved who you are',
      'profile-kept': 'Your details were kept here',
      'profile-removed': 'Your details were taken out',
      'data-downloaded': 'Your data was saved to a file',
      'credential-shared': 'You agreed to send your credential to an agency',
      'codes-locked': 'Too many wrong codes were typed, and no more were taken for a while',
      suspended: 'We suspended the account',
      reinstated: 'We opened the account again',
      'fraud-reported': 'A service told us that someone else got in, so we took the password away',
      'identity-doubted': 'A service told us that it was not you who proved who you are',
    } satisfies Record<AccountEvent, string>,
  },
  data: {
    title: 'Your data',
    lead: 'Save all that we keep about you in one file. It is plain text, in a form that programs can read (JSON).',
    hasTitle: 'What is in it',
    has: [
      'Your e-mail address, and since when you have this account',
      'Whether, when and how you proved who you are',
      'What you chose to have kept of your details',
      'Your ways to sign in, but nothing that anybody could sign in with',
      'The services you are connected to, and what they may learn',
      'Your devices and your history',
    ],
    careful: 'Save it only on a device that is yours.',
    submit: 'Save my data',
  },
  delete: {
    title: 'Delete your account',
    lead: 'This cannot be undone.',
    whatTitle: 'What happens',
    what: [
      'You are signed out on all devices.',
      'We delete your address, your password, your history and all else in your account.',
      'Services you are connected to can no longer sign you in with it.',
    ],
    word: 'delete',
    label: (word: string) => `To confirm, type the word “${word}”`,
    missing: (word: string) => `Type the word “${word}” if you want to delete your account`,
    submit: 'Delete my account',
    keep: 'Keep my account',
  },
  deleted: {
    title: 'Your account is deleted',
    text: 'We have deleted all that was in it, and signed you out everywhere.',
  },
  nav: 'Your account',
  start: 'Go to the first page',
}
