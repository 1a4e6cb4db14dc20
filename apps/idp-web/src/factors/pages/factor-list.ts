import { accountLayout } from '../../account/pages/account-layout.ts'
import { type Html, html } from '../../html.ts'
import type { View } from '../../layout.ts'
import { dayOf } from '../../proofing/pages/dates.ts'
import { notice } from '../../proofing/pages/result-parts.ts'
import type { Texts } from '../../texts/index.ts'
import { maxApps } from '../authenticator-apps.ts'
import type { FactorKind, FactorSummary } from '../factors.ts'
import { maxPasskeys } from '../passkeys.ts'

export const factorNews = ['passkey-added', 'totp-added', 'renamed', 'removed'] as const
export type FactorNews = (typeof factorNews)[number]

export interface FactorListData {
  readonly factors: readonly FactorSummary[]
  /** Whether browsers make passkeys for this site. */
  readonly passkeys: boolean
  /** What has just been done. */
  readonly news?: FactorNews | undefined
}

/** All that an account has beside its password, and what can be added. */
export function factorListPage(view: View, data: FactorListData): Html {
  const { list } = view.texts.factors
  const { factors, news } = data
  const count = (kind: FactorKind) => factors.filter((factor) => factor.kind === kind).length
  const hasSecond = count('passkey') + count('totp') > 0
  const content = html`${news && notice('success', html`<p>${list.news[news]}</p>`)}
          ${hasSecond && count('backup-codes') === 0 && notice('warning', html`<p>${list.noCodes}</p>`)}
          <p class="lead">${list.lead}</p>
          <h2>${list.yoursTitle}</h2>
          ${factors.length === 0 ? html`<p>${list.nothing}</p>` : html`<ul class="factors">${factors.map((factor) => entry(view.texts, factor))}</ul>`}
          <h2>${list.addTitle}</h2>
          <div class="factor-ways">
          <h3>${view.texts.factors.kinds.passkey}</h3>
          <p>${list.passkeyText}</p>
          ${passkeyWay(view.texts, data.passkeys, count('passkey'))}
          <h3>${view.texts.factors.kinds.totp}</h3>
          <p>${list.appText}</p>
          ${count('totp') < maxApps ? wayTo('/account/factors/app', list.appAdd) : html`<p>${list.appsFull}</p>`}
          <h3>${view.texts.factors.kinds['backup-codes']}</h3>
          <p>${list.codesText}</p>
          ${codesWay(view.texts, { hasSecond, hasCodes: count('backup-codes') > 0 })}
          </div>`
  return accountLayout(view, { title: list.title, content })
}

function entry({ factors, language }: Texts, factor: FactorSummary): Html {
  const { list } = factors
  const { id, kind, addedAt, lastUsedAt, left } = factor
  const name = factorName(factors, factor)
  const used = lastUsedAt === undefined ? list.neverUsed : list.used(dayOf(language, lastUsedAt))
  const forWhich = html` <span class="usa-sr-only">${list.which(name)}</span>`
  return html`<li class="factors__entry">
              <p class="factors__name">${name}</p>
              <p class="factors__facts">${!name.startsWith(factors.kinds[kind]) && `${factors.kinds[kind]}. `}${list.added(dayOf(language, addedAt))} ${used}${left !== undefined && ` ${list.codesLeft(left)}`}</p>
              <p class="factors__actions">
                ${kind !== 'backup-codes' && html`<a class="usa-link" href="/account/factors/name?id=${id}">${list.rename}${forWhich}</a>`}
                <a class="usa-link" href="/account/factors/remove?id=${id}">${list.remove}${forWhich}</a>
              </p>
            </li>`
}

/** What its owner calls it, or what it is. */
export function factorName({ kinds }: Texts['factors'], { kind, name }: FactorSummary): string {
  return name ?? kinds[kind]
}

function passkeyWay({ factors: { list } }: Texts, canUse: boolean, count: number): Html {
  if (!canUse) return html`<p>${list.noPasskeys}</p>`
  if (count >= maxPasskeys) return html`<p>${list.passkeysFull}</p>`
  return wayTo('/account/factors/passkey', list.passkeyAdd)
}

interface CodesWay {
  readonly hasSecond: boolean
  readonly hasCodes: boolean
}

function codesWay({ factors: { list } }: Texts, { hasSecond, hasCodes }: CodesWay): Html {
  if (!hasSecond) return html`<p>${list.codesLater}</p>`
  return wayTo('/account/factors/codes', hasCodes ? list.codesRenew : list.codesMake)
}

function wayTo(href: string, label: string): Html {
  return html`<div class="actions"><a class="usa-button usa-button--outline" href="${href}">${label}</a></div>`
}
