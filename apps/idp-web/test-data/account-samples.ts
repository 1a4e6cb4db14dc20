import { accountEvents } from '../src/account/account-events.ts'
import type { Account } from '../src/account/accounts.ts'
import { changeAddressPage } from '../src/account/pages/change-address.ts'
import { changePasswordPage } from '../src/account/pages/change-password.ts'
import { type ConfirmData, confirmPage } from '../src/account/pages/confirm.ts'
import { accountDeletedPage, deleteAccountPage } from '../src/account/pages/delete-account.ts'
import {
  choosePasswordPage,
  linkGonePage,
  newAddressPage,
} from '../src/account/pages/email-link.ts'
import { emailSentPage } from '../src/account/pages/email-sent.ts'
import { historyPage } from '../src/account/pages/history.ts'
import { guessesLimitedPage } from '../src/account/pages/limited.ts'
import { overviewPage } from '../src/account/pages/overview.ts'
import { ownDataPage } from '../src/account/pages/own-data.ts'
import { recoveredPage, recoverPage } from '../src/account/pages/recover.ts'
import { sessionsPage } from '../src/account/pages/sessions.ts'
import { signInPage } from '../src/account/pages/sign-in.ts'
import { signOutPage } from '../src/account/pages/sign-out.ts'
import { signUpPage } from '../src/account/pages/sign-up.ts'
import { suspendedPage } from '../src/account/pages/suspended.ts'
import type { PasswordProblem } from '../src/account/password-rules.ts'
import type { PageSamples } from './page-samples.ts'

const moment = Date.UTC(2026, 0, 15, 19, 45)
const address = 'susan&sons@example.test'
const token = 't'.repeat(43)

export function accountSamples(): PageSamples {
  return { ...signUpSamples(), ...signInSamples(), ...ownSamples(), ...changeSamples() }
}

const problems: readonly PasswordProblem[] = ['missing', 'too-short', 'too-long', 'common']

function signUpSamples(): PageSamples {
  const sample = { purpose: 'sign-up', token, address } as const
  return {
    'sign up': (view) => signUpPage(view, {}),
    'sign up without an address': (view) => signUpPage(view, { address: '', error: 'missing' }),
    'sign up with no address': (view) => signUpPage(view, { address: '<x', error: 'invalid' }),
    'e-mail sent': emailSentPage,
    'sign-up link': (view) => choosePasswordPage(view, sample),
    ...Object.fromEntries(
      problems.map((problem) => [
        `sign-up link, password ${problem}`,
        (view) => choosePasswordPage(view, { ...sample, problem }),
      ]) satisfies [string, PageSamples[string]][],
    ),
    'link that is gone': linkGonePage,
  }
}

const confirming: ConfirmData = { address, hasPassword: true, hasPasskey: true }

function signInSamples(): PageSamples {
  return {
    suspended: suspendedPage,
    'sign in': (view) => signInPage(view, { typed: {}, passkeys: true }),
    'sign in with nothing': (view) =>
      signInPage(view, {
        typed: { address: '', error: 'missing' },
        password: 'missing',
        passkeys: true,
      }),
    'sign in wrong, where there are no passkeys': (view) =>
      signInPage(view, { typed: { address }, password: 'wrong', passkeys: false }),
    'too many passwords': (view) => guessesLimitedPage(view, { retryAt: moment, canRecover: true }),
    'confirm sign-in': (view) => confirmPage(view, confirming),
    'confirm sign-in by passkey': (view) =>
      confirmPage(view, { ...confirming, hasPassword: false }),
    'confirm sign-in, missing': (view) => confirmPage(view, { ...confirming, error: 'missing' }),
    'confirm sign-in, wrong': (view) => confirmPage(view, { ...confirming, error: 'wrong' }),
    recover: (view) => recoverPage(view, {}),
    'recover without an address': (view) => recoverPage(view, { address: '', error: 'missing' }),
    'recovery link': (view) => choosePasswordPage(view, { purpose: 'recovery', token, address }),
    recovered: recoveredPage,
    'too many links': (view) => guessesLimitedPage(view, { retryAt: moment }),
    'sign out': (view) => signOutPage({ ...view, account: 'signed-in' }),
    'signed out': (view) => signOutPage({ ...view, account: 'nobody' }),
  }
}

const account: Account = { id: 'a', address: 'sealed', hasPassword: true, createdAt: moment }

function ownSamples(): PageSamples {
  const times = { signedInAt: moment, seenAt: moment }
  const sessions = [
    { slot: 'this', ...times, browser: 'Firefox', system: 'Android' },
    { slot: 'other', ...times, system: 'Windows' },
    { slot: 'third', ...times },
  ]
  const signedIn =
    (render: PageSamples[string]): PageSamples[string] =>
    (view) =>
      render({ ...view, account: 'signed-in' })
  return {
    account: signedIn((view) => overviewPage(view, { account, address })),
    'account with a passkey': signedIn((view) =>
      overviewPage(view, { account: { ...account, hasPassword: false }, address }),
    ),
    'account, password changed': signedIn((view) =>
      overviewPage(view, { account, address, changed: 'password' }),
    ),
    'account, address changed': signedIn((view) =>
      overviewPage(view, { account, address, changed: 'address' }),
    ),
    'account devices': signedIn((view) =>
      sessionsPage(view, { sessions, slot: 'this', idleMinutes: 15 }),
    ),
    'account history': signedIn((view) =>
      historyPage(view, {
        events: accountEvents.map((event) => ({ event, at: moment, browser: 'Firefox' })),
        days: 90,
      }),
    ),
    'account without a history': signedIn((view) => historyPage(view, { events: [], days: 90 })),
    'account data': signedIn(ownDataPage),
  }
}

function changeSamples(): PageSamples {
  return {
    'change password': (view) => changePasswordPage(view, { address }),
    'change password, common': (view) => changePasswordPage(view, { address, problem: 'common' }),
    'change address': (view) => changeAddressPage(view, { now: address, typed: {} }),
    'change address, invalid': (view) =>
      changeAddressPage(view, { now: address, typed: { address: '<x', error: 'invalid' } }),
    'new address': (view) => newAddressPage(view, { token, address, isOwner: true }),
    'new address of somebody else': (view) =>
      newAddressPage(view, { token, address, isOwner: false }),
    'delete account': (view) => deleteAccountPage(view, {}),
    'delete account without the word': (view) => deleteAccountPage(view, { error: true }),
    'account deleted': accountDeletedPage,
  }
}
