import type { AssetUrls } from './assets-manifest.ts'
import { type Html, html } from './html.ts'
import { sessionDialog } from './pages/session-dialog.ts'
import { type StepName, stepIndicator } from './pages/step-indicator.ts'
import type { Texts } from './texts/index.ts'

/** What every page is made from, beside its own data. */
export interface View {
  readonly texts: Texts
  readonly assets: AssetUrls
  /** Empty without a session. */
  readonly csrfToken: string
  readonly session?: { readonly idleSeconds: number; readonly absoluteSecondsLeft: number }
  /** The route, such as `/verify/details`. */
  readonly path: string
  /** Whether this deployment asks for an ID document. */
  readonly documents: boolean
  /** Whether a company may be given its photos. */
  readonly vendorMayRead: boolean
  /** Whether people can get a credential here. */
  readonly credentials: boolean
  /** Whether there are partners to sign in to. */
  readonly partners: boolean
  /** Who is here, where there are accounts. */
  readonly account?: 'signed-in' | 'nobody'
}

export interface Page {
  /** The only `h1`, and the title of the window. */
  readonly title: string
  readonly content: Html
  readonly step?: StepName
  /** Stands above the sheet: the way back to what the page is a part of. */
  readonly navigation?: Html
  /** What must be put right first; stands above the heading. */
  readonly errorSummary?: Html | undefined
  readonly scripts?: readonly (keyof AssetUrls)[]
  readonly head?: Html
  /** The page keeps the visit alive by itself, and says so in these words instead of warning of its end. */
  readonly keepsVisit?: string
}

/** A whole page: the same header, main column and footer around every content. */
export function layout(view: View, page: Page): Html {
  const { texts, session } = view
  const { frame } = texts
  return html`<!doctype html>
<html lang="${texts.language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="format-detection" content="telephone=no">
    <title>${page.errorSummary ? frame.errorPrefix : ''}${page.title} – ${frame.product}</title>
    <link rel="icon" type="image/svg+xml" href="${view.assets.icon}">
    <link rel="stylesheet" href="${view.assets.styles}">
    ${scriptsOf(page, view).map((url) => html`<script src="${url}" defer></script>`)}
    ${page.head}
  </head>
  <body>
    <a class="usa-skipnav" href="#main">${frame.skip}</a>
    ${header(view)}
    <main id="main" class="site-main" tabindex="-1">
      <div class="page-width">
        ${page.step && stepIndicator(texts, { current: page.step, documents: view.documents })}
        ${page.navigation}
        <div class="sheet">
          ${page.errorSummary}
          <h1>${page.title}</h1>
          ${page.content}
        </div>
      </div>
    </main>
    ${footer(view, page)}
    ${session && page.keepsVisit === undefined && sessionDialog(view, session)}
  </body>
</html>
`
}

function scriptsOf(
  { scripts = [], keepsVisit }: Page,
  { assets, session }: View,
): readonly string[] {
  const warns = session && keepsVisit === undefined
  const names = warns ? [...scripts, 'session-warning' as const] : scripts
  return names.map((name) => assets[name])
}

function header({ texts, path, account }: View): Html {
  return html`<header class="site-header">
      <div class="page-width site-header__row">
        <a class="site-header__name" href="/"${path === '/' && html` aria-current="page"`}>
          ${mark}<span>${texts.frame.product}</span>
        </a>
        ${account && accountLink(texts, path, account)}
      </div>
    </header>`
}

function accountLink({ frame }: Texts, path: string, account: 'signed-in' | 'nobody'): Html {
  const [href, name] =
    account === 'signed-in' ? ['/account', frame.account.own] : ['/sign-in', frame.account.signIn]
  return html`<a class="site-header__account usa-link" href="${href}"${path === href && html` aria-current="page"`}>${name}</a>`
}

/** An open door. */
const mark = html`<svg class="site-header__mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false"><rect width="32" height="32" rx="7" fill="currentColor"/><path d="M9 26V13a7 7 0 0 1 14 0v13M14.5 26v-9.6l6-1.9" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/></svg>`

function footer(view: View, { keepsVisit }: Page): Html {
  const { texts, path, session } = view
  const { frame } = texts
  const limit = view.account === 'signed-in' ? frame.account.limit : frame.footer.limit
  return html`<footer class="site-footer">
      <div class="page-width">
        <ul class="site-footer__links">
          <li><a class="usa-link" href="/other-ways"${path === '/other-ways' && html` aria-current="page"`}>${frame.footer.help}</a></li>
          ${session && html`<li>${leaveForm(view)}</li>`}
        </ul>
        ${session && html`<p>${keepsVisit ?? limit(Math.round(session.idleSeconds / 60))}</p>`}
      </div>
    </footer>`
}

/** Ends the visit; for somebody who is signed in, that is to sign out. */
function leaveForm({ texts, csrfToken, account }: View): Html {
  const { frame } = texts
  const [action, name] =
    account === 'signed-in'
      ? ['/sign-out', frame.account.signOut]
      : ['/session/end', frame.footer.leave]
  return html`<form method="post" action="${action}">
              <input type="hidden" name="csrf" value="${csrfToken}">
              <button class="usa-button usa-button--unstyled">${name}</button>
            </form>`
}
