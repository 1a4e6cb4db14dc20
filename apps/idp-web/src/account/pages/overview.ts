import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { dayOf } from '../../proofing/pages/dates.ts'
import { notice } from '../../proofing/pages/result-parts.ts'
import type { Account } from '../accounts.ts'

export interface OverviewData {
  readonly account: Account
  readonly address: string
  /** What the person has just changed. */
  readonly changed?: 'password' | 'address' | undefined
}

/** The parts of an account, in the order in which they are listed. */
const sections = [
  'identity',
  'factors',
  'services',
  'sessions',
  'history',
  'data',
  'delete',
] as const

export function overviewPage(view: View, data: OverviewData): Html {
  const { overview } = view.texts.account
  const content = html`${data.changed && notice('success', html`<p role="status">${overview.changed[data.changed]}</p>`)}
          <p class="lead">${overview.lead}</p>
          <dl class="answers">${rows(view, data)}</dl>
          <h2>${overview.sections.title}</h2>
          <ul class="account-sections">
            ${sectionsOf(view).map((section) => sectionItem(view, section))}
          </ul>`
  return layout(view, { title: overview.title, content })
}

function rows(view: View, { account, address }: OverviewData): Html {
  const { account: words, language } = view.texts
  const { overview } = words
  const { createdAt, hasPassword, passwordChangedAt } = account
  return html`${row({
    name: overview.address,
    value: address,
    change: { href: '/account/address', label: overview.change },
  })}
            ${row({
              name: overview.password,
              value: hasPassword
                ? overview.passwordSet(dayOf(language, passwordChangedAt ?? createdAt))
                : overview.noPassword,
              change: {
                href: '/account/password',
                label: hasPassword ? overview.change : overview.set,
              },
            })}
            ${row({ name: overview.created, value: dayOf(language, createdAt) })}`
}

interface OverviewRow {
  readonly name: string
  readonly value: string
  readonly change?: { readonly href: string; readonly label: string }
}

function row({ name, value, change }: OverviewRow): Html {
  return html`<div class="answers__row">
              <dt class="answers__name">${name}</dt>
              <dd class="answers__value">${value}</dd>
              ${change && html`<dd class="answers__change"><a class="usa-link" href="${change.href}">${change.label}<span class="usa-sr-only"> ${name}</span></a></dd>`}
            </div>`
}

/** Without partners there are no services to look at. */
function sectionsOf({ partners }: View): readonly (typeof sections)[number][] {
  return sections.filter((section) => section !== 'services' || partners)
}

function sectionItem({ texts }: View, section: (typeof sections)[number]): Html {
  const { title, text } = texts.account.overview.sections[section]
  return html`<li>
              <a class="usa-link" href="/account/${section}">${title}</a>
              <p>${text}</p>
            </li>`
}
