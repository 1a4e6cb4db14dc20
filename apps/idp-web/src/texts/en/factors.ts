/** What somebody has beside a password: passkeys, authenticator apps and backup codes. */
export const factors = {
  kinds: {
    passkey: 'Passkey',
    totp: 'Authenticator app',
    'backup-codes': 'Backup codes',
  },

  list: {
    title: 'How you sign in',
    lead: 'Add a passkey or an app to your account. Then a stolen password alone does not let anybody in.',
    yoursTitle: 'What you have',
    nothing: 'You have nothing but your password so far.',
    added: (date: string) => `Added ${date}.`,
    used: (date: string) => `Last used ${date}.`,
    neverUsed: 'Not used yet.',
    codesLeft: (count: number) => (count === 1 ? '1 code is left.' : `${count} codes are left.`),
    rename: 'Rename',
    remove: 'Remove',
    /** After the action, for who hears it alone. */
    which: (name: string) => `“${name}”`,
    addTitle: 'Add another way',
    passkeyText:
      'You sign in with your finger, your face or the PIN of your device. There is nothing to type, and nothing that anybody could trick you into telling them.',
    passkeyAdd: 'Add a passkey',
    noPasskeys: 'Passkeys do not work at this address of the website.',
    appText: 'An app on your phone shows a new code every 30 seconds.',
    appAdd: 'Add an authenticator app',
    appsFull: 'You have as many apps as you can have. Remove one to add another.',
    passkeysFull: 'You have as many passkeys as you can have. Remove one to add another.',
    codesText:
      'You can print these codes. They let you in when your phone or your passkey is gone.',
    codesMake: 'Get backup codes',
    codesRenew: 'Get new backup codes',
    codesLater: 'You can get backup codes once you have a passkey or an app.',
    news: {
      'passkey-added': 'Your passkey was added. You can sign in with it from now on.',
      'totp-added': 'Your authenticator app was added. We will ask for a code when you sign in.',
      renamed: 'The new name was saved.',
      removed: 'It was removed. You cannot sign in with it any more.',
    },
    noCodes:
      'You do not have backup codes yet. Get some, so that you are not locked out if you lose your device.',
  },

  addPasskey: {
    title: 'Add a passkey',
    lead: 'Your browser will ask how you want to save it. Follow what it says.',
    keep: 'We never see your finger, your face or your PIN. They stay on your device.',
    add: 'Add a passkey',
    known: 'This device or key has a passkey for your account already. You do not need another.',
  },

  addApp: {
    title: 'Add an authenticator app',
    stepsTitle: 'Connect the app',
    steps: [
      'Open your authenticator app. If you do not have one, get one from the app store of your phone.',
      'Choose to add an account, and scan this code.',
    ],
    code: 'QR code for your authenticator app',
    byHand: 'Can you not scan it? Type this key into the app:',
    label: 'The code that the app shows now',
    hint: '6 digits',
    add: 'Add this app',
    errors: {
      missing: 'Enter the code that the app shows.',
      wrong:
        'This is not the code that the app should show. Wait for the next one. If that one is wrong too, check that the clock of your phone is right.',
    },
  },

  codes: {
    title: 'Get backup codes',
    lead: 'You will get 10 codes. Each lets you sign in once, together with your password.',
    renewLead: 'You will get 10 new codes. The ones you have now will stop working.',
    safe: 'We show the codes only once. Have something to write with ready, or a printer.',
    make: 'Show my codes',
  },
  newCodes: {
    title: 'Your backup codes',
    lead: 'Print these codes or write them down now. We cannot show them again.',
    keep: [
      'Each code works once, together with your password.',
      'Keep them in a safe place, and not with your password.',
      'Nobody from us will ever ask you for one.',
    ],
    list: 'Backup codes',
    print: 'Print',
    copy: 'Copy',
    copied: 'The codes were copied.',
    done: 'I have saved them',
  },

  rename: {
    title: 'Rename it',
    label: 'Name',
    hint: 'So that you know which one it is, such as “My phone”. At most 40 letters.',
    save: 'Save the name',
    errors: {
      missing: 'Enter a name.',
      invalid: 'Use at most 40 letters, and only letters, numbers and signs.',
    },
  },

  remove: {
    titles: {
      passkey: 'Remove a passkey',
      totp: 'Remove an authenticator app',
      'backup-codes': 'Remove your backup codes',
    },
    lead: (name: string) => `You will not be able to sign in with “${name}” any more.`,
    codesLead: 'Your backup codes will stop working.',
    alone:
      'It is all you have beside your password. Without it, whoever knows your password can sign in. Your backup codes will stop working too.',
    fromDevice: 'The passkey may still show on your device. You can delete it there.',
    confirm: 'Remove it',
    keep: 'Keep it',
    lastWayInTitle: 'You need this passkey',
    lastWayIn:
      'It is the only way to sign in to your account, so it cannot be removed. Add another passkey first, or set a password.',
    back: 'Back',
  },

  passkey: {
    title: 'Sign in with a passkey',
    lead: 'Your browser will ask you for your finger, your face or a PIN.',
    halfTitle: 'Show that it is you',
    halfLead: 'Your password was right. Now use your passkey.',
    confirmTitle: 'Confirm that it is you',
    use: 'Use a passkey',
    noScripts: 'Passkeys need JavaScript, which is turned off in this browser.',
    unsupported: 'This browser cannot use passkeys.',
    cancelled: 'That did not work, or you stopped it. You can try again.',
    failed: 'We could not reach Anteroom. Check your connection and try again.',
    refused: 'We could not sign you in with this passkey. Try again, or use another one.',
    notAdded: 'We could not add this passkey. Try again, or use another device.',
    password: 'Sign in with a password',
  },

  code: {
    title: 'Enter a code from your app',
    lead: 'Your password was right. Open your authenticator app and enter the code that it shows.',
    label: 'Code from the app',
    hint: '6 digits',
    send: 'Sign in',
    errors: {
      missing: 'Enter the code that the app shows.',
      wrong: 'This code is not right, or it was used before. Wait for the next one and enter it.',
    },
  },
  backupCode: {
    title: 'Enter a backup code',
    lead: 'Your password was right. Enter one of your backup codes. It will work only once.',
    label: 'Backup code',
    hint: 'Such as 7KQ2-M9XD-4T0B-WZ8R. Small letters and spaces are fine.',
    send: 'Sign in',
    errors: {
      missing: 'Enter a backup code.',
      wrong: 'This code is not right, or it was used before. Check it, or enter another.',
    },
  },
  others: {
    lost: 'Have you lost them all? Look for your backup codes: you may have printed or saved them. Without one of these ways we let nobody in, so that nobody gets in with your password alone.',
    title: 'Other ways',
    passkey: 'Use a passkey',
    totp: 'Enter a code from your app',
    'backup-codes': 'Enter a backup code',
    restart: 'Sign in as somebody else',
  },
  limited: {
    title: 'Too many codes',
    text: 'There were too many wrong codes. To keep your account safe, we have to wait.',
  },
}
