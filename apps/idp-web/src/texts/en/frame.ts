/** What stands around every page. */
export const frame = {
  product: 'Anteroom',
  skip: 'Skip to main content',
  errorPrefix: 'Error: ',
  steps: {
    label: 'Your progress',
    step: 'Step',
    of: (total: number) => `of ${total}`,
    completed: 'completed',
    notCompleted: 'not completed',
    names: {
      consent: 'Agree',
      document: 'Your ID',
      details: 'Your details',
      check: 'Check answers',
      phone: 'Your phone',
      done: 'Done',
    },
  },
  account: {
    signIn: 'Sign in',
    own: 'Your account',
    signOut: 'Sign out',
    limit: (minutes: number) =>
      `For your safety, each page stays open for ${minutes} minutes. After that you are signed out, and we delete what you typed.`,
  },
  footer: {
    help: 'Get help or use another way',
    leave: 'Leave and delete my answers',
    limit: (minutes: number) =>
      `For your safety, each page stays open for ${minutes} minutes. After that your visit ends and we delete your answers.`,
  },
  errorSummary: 'There is a problem',
  fieldError: 'Error:',
  optional: '(optional)',
  select: 'Select one',
  sessionWarning: {
    title: 'Are you still there?',
    idle: 'If you do nothing, we will end your visit and delete your answers. This keeps them safe.',
    absolute:
      'You have been here for a long time. We will soon end your visit and delete your answers.',
    left: {
      twoMinutes: 'You have about 2 minutes left.',
      oneMinute: 'You have about 1 minute left.',
      halfMinute: 'You have less than 30 seconds left.',
    },
    stay: 'Stay here',
    leave: 'Leave now',
    close: 'Close',
    failed: 'We could not reach Anteroom. Check your connection and select “Stay here” again.',
  },
}
