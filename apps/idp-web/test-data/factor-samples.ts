import type { FactorSummary } from '../src/factors/factors.ts'
import { addAppPage } from '../src/factors/pages/add-app.ts'
import { addPasskeyPage } from '../src/factors/pages/add-passkey.ts'
import { makeCodesPage, newCodesPage } from '../src/factors/pages/backup-codes.ts'
import { codeLimitedPage } from '../src/factors/pages/code-limited.ts'
import { factorListPage, factorNews } from '../src/factors/pages/factor-list.ts'
import { passkeyPage } from '../src/factors/pages/passkey.ts'
import { lastWayInPage, removePage } from '../src/factors/pages/remove.ts'
import { renamePage } from '../src/factors/pages/rename.ts'
import { secondCodePage } from '../src/factors/pages/second-code.ts'
import type { PageSamples } from './page-samples.ts'

const addedAt = Date.UTC(2026, 0, 15, 19, 45)
const passkey: FactorSummary = {
  kind: 'passkey',
  id: 'p',
  name: 'Passkey, Firefox, Linux',
  addedAt,
}
const app: FactorSummary = { kind: 'totp', id: 'a', name: '<My app>', addedAt, lastUsedAt: addedAt }
const codes: FactorSummary = { kind: 'backup-codes', id: 'b', addedAt, left: 9 }
const label = { issuer: 'id.example.test', address: 'ada@example.test' }
const secret = Buffer.from('12345678901234567890').toString('base64url')

export function factorSamples(): PageSamples {
  return { ...listSamples(), ...addSamples(), ...changeSamples(), ...signInSamples() }
}

function listSamples(): PageSamples {
  const list = (factors: readonly FactorSummary[], passkeys = true): PageSamples[string] => {
    return (view) => factorListPage(view, { factors, passkeys })
  }
  const news = factorNews.map((it): [string, PageSamples[string]] => [
    `factors, ${it}`,
    (view) => factorListPage(view, { factors: [app], passkeys: true, news: it }),
  ])
  return {
    'factors, none': list([]),
    'factors without passkeys': list([], false),
    'factors without codes': list([passkey]),
    'factors, all kinds': list([passkey, { ...app, name: 'Authenticator app' }, codes]),
    'factors, one code left': list([app, { ...codes, left: 1 }]),
    'factors, full': list([...Array<FactorSummary>(10).fill(passkey), app, app]),
    ...Object.fromEntries(news),
  }
}

function addSamples(): PageSamples {
  return {
    'add a passkey': (view) => addPasskeyPage(view, {}),
    'add a passkey, refused': (view) => addPasskeyPage(view, { isRefused: true }),
    'add an app': (view) => addAppPage(view, { secret, label }),
    'add an app, code missing': (view) => addAppPage(view, { secret, label, error: 'missing' }),
    'add an app, code wrong': (view) => addAppPage(view, { secret, label, error: 'wrong' }),
    'make codes': (view) => makeCodesPage(view, false),
    'make codes anew': (view) => makeCodesPage(view, true),
    'new codes': (view) => newCodesPage(view, Array<string>(10).fill('7KQ2-M9XD-4T0B-WZ8R')),
  }
}

function changeSamples(): PageSamples {
  return {
    rename: (view) => renamePage(view, { id: 'p', name: 'Passkey' }),
    'rename, missing': (view) => renamePage(view, { id: 'p', name: '', error: 'missing' }),
    'rename, invalid': (view) =>
      renamePage(view, { id: 'p', name: '"<b>'.repeat(20), error: 'invalid' }),
    'remove a passkey': (view) => removePage(view, { factor: passkey, isAlone: false }),
    'remove the only app': (view) => removePage(view, { factor: app, isAlone: true }),
    'remove backup codes': (view) => removePage(view, { factor: codes, isAlone: false }),
    'remove the last way in': lastWayInPage,
  }
}

function signInSamples(): PageSamples {
  const second = { purpose: 'sign-in', others: ['passkey', 'totp', 'backup-codes'] } as const
  const errors = ['missing', 'wrong'] as const
  const wrongCodes = errors.flatMap((error) =>
    (['totp', 'backup-codes'] as const).map((way): [string, PageSamples[string]] => [
      `second ${way}, ${error}`,
      (view) => secondCodePage(view, { way, purpose: 'confirm', others: [], error }),
    ]),
  )
  return {
    'sign in with a passkey': (view) => passkeyPage(view, { purpose: 'sign-in' }),
    'sign in with a passkey, refused': (view) =>
      passkeyPage(view, { purpose: 'sign-in', isRefused: true }),
    'confirm with a passkey': (view) => passkeyPage(view, { purpose: 'confirm' }),
    'second passkey': (view) => passkeyPage(view, { purpose: 'sign-in', second }),
    'second totp': (view) => secondCodePage(view, { way: 'totp', ...second }),
    'second backup-codes': (view) => secondCodePage(view, { way: 'backup-codes', ...second }),
    ...Object.fromEntries(wrongCodes),
    'too many codes': (view) => codeLimitedPage(view, { retryAt: addedAt, purpose: 'sign-in' }),
    'too many codes to confirm': (view) =>
      codeLimitedPage(view, { retryAt: addedAt, purpose: 'confirm' }),
  }
}
