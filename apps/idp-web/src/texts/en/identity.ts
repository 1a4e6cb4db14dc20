/** What an account keeps of who somebody is. */
export const identity = {
  title: 'Your identity',
  proofed: {
    lead: 'You have proved who you are.',
    when: 'When',
    how: 'How',
    /** By the names that an account keeps checks under. */
    checks: {
      'document-proofing': 'We read your ID.',
      'resolution-proofing': 'The records agree with what you told us.',
      'state-id': 'The office that issued your card knows it.',
      'address-proofing': 'The phone number belongs to you.',
    } as Readonly<Record<string, string>>,
    again: 'Prove it again',
    againNote: 'Do this if your name or your address has changed.',
  },
  notProofed: {
    lead: 'You have not proved who you are with this account yet.',
    start: 'Prove who you are',
  },
  kept: {
    title: 'What we keep of you',
    nothing: 'Nothing yet.',
    none: 'That, when and how you were verified. Nothing that says who you are.',
    some: 'That, when and how you were verified. Also, because you wanted it, your name, date of birth, address and phone number. They are locked with a key. If you prove who you are again, we delete these details. Then you can have the new ones kept.',
    show: 'See or delete what we keep',
  },
  profile: {
    title: 'What we keep of you',
    lead: 'You wanted us to keep this. It is locked with a key, and we use it for nothing but what you ask for.',
    name: 'Name',
    dateOfBirth: 'Date of birth',
    address: 'Home address',
    phone: 'Phone number',
    deleteTitle: 'Delete it',
    delete: 'Your account stays, and it still says that you were verified.',
    deleteButton: 'Delete these details',
    credentialTitle: 'Your credential',
    credential: 'You can get the same credential once more, with the same number.',
    getCredential: 'Get my credential again',
  },
  keep: {
    title: 'Keep your details in your account?',
    text: 'You do not have to. If you do, you need not type them again for a service that asks, and you can get your credential again. They are locked with a key, and you can delete them at any time.',
    legend: 'Your choice',
    label: 'Keep my name, date of birth, address and phone number in my account',
    missing: 'Check the box if you want us to keep your details. If you do not, go on without it.',
    submit: 'Keep my details',
    done: 'Your name, date of birth, address and phone number are kept in your account.',
    see: 'See what we keep',
  },
  /** On the page that says that somebody is verified. */
  result: {
    inAccount: 'In your account: that you are verified, when and how.',
    profileInAccount:
      'In your account, because you wanted it: your name, date of birth, address and phone number.',
    toAccount: 'Go to your account',
    finish: 'Finish and sign out',
    withoutIt: (name: string | undefined) => `Go back to ${name ?? 'the service'} without this`,
    toPartner: (name: string | undefined) =>
      name === undefined ? 'Continue' : `Continue to ${name}`,
    partner: (name: string | undefined) =>
      name === undefined
        ? 'The service that sent you here is waiting for you.'
        : `${name} sent you here and is waiting for you.`,
  },
  /** On the page before somebody begins. */
  consent: {
    own: 'In your account: that you were verified, when and how. For as long as you have the account.',
    mayKeep:
      'If you choose so at the end, in your account: your name, date of birth, address and phone number. Until you delete them, or prove who you are again.',
    noneTitle: 'Do you have an account?',
    none: 'Sign in first if you want your account to say that you were verified. You can also go on without one.',
    signIn: 'Sign in',
  },
}
