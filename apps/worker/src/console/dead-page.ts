import { type Html, html } from '@anteroom/html'
import {
  aboutOf,
  type DeadFilterName,
  type DeadLetter,
  deadFilterOf,
  deadFilters,
  type ListedDeadLetters,
  writePlace,
} from '@anteroom/operations'
import { confirmPage } from './confirm-page.ts'
import type { ConsolePage, View } from './layout.ts'
import { entry, jobLink, moment, none, paging, table } from './show.ts'

/** `replay`: queued again as they were. */
export const deadActions = ['replay', 'discard'] as const
export type DeadAction = (typeof deadActions)[number]

type Asked = Readonly<Record<string, string | undefined>>

interface AskedLetters {
  readonly asked: Asked
  /** Where the page before this one ended. */
  readonly after: string | undefined
  readonly listed: ListedDeadLetters
}

/** Jobs that failed and are kept, with what is readable of them. */
export function deadPage({ asked, after, listed }: AskedLetters, view: View): ConsolePage {
  const { letters, next } = listed
  const content = html`<form class="asked" method="get" action="/console/dead">
        ${deadFilters.map((name) => entry({ name, label: labels[name] }, asked[name]))}
        ${entry({ name: 'since', label: 'Failed since (UTC)' }, asked.since)}
        <button class="button">Show</button>
      </form>
      ${letters.length === 0 ? html`<p>There are none.</p>` : choose(letters, view)}
      ${paging({ path: '/console/dead', question: asked, after, next: next && writePlace(next) })}
      ${letters.length > 0 && isNarrow(asked) && allOf(asked)}`
  return { title: 'Dead letters', content }
}

const labels = {
  job: 'Job',
  partner: 'Partner',
  consumer: 'Consumer',
  destination: 'Destination',
} satisfies Record<DeadFilterName, string>

function choose(letters: readonly DeadLetter[], view: View): Html {
  const head = [
    'Chosen',
    'Job',
    'For whom, what',
    'Failed',
    'Code',
    'Of use until',
    'Kept until',
    'Done since',
  ]
  const rows = letters.map((it) => [
    html`<input type="checkbox" name="letter" value="${it.job_id}" aria-label="${`Choose ${it.job_id}`}">`,
    html`${jobLink(it.job_id)}<br>${it.job}`,
    readable(it),
    moment(it.died_at, view),
    codeOf(it),
    it.useless_at === null ? none : moment(it.useless_at, view),
    moment(it.purge_at, view),
    it.overtaken,
  ])
  return html`<form method="get" action="/console/dead/replay">
        ${table({ caption: 'Jobs that failed and are kept', head, rows, numbers: [7] })}
        <p>Done since: jobs behind it in its stream. A letter that is queued again comes after them.</p>
        <p class="actions">
          <button class="button">Replay the chosen</button>
          <button class="button danger" formaction="/console/dead/discard">Discard the chosen</button>
        </p>
      </form>`
}

function readable(letter: DeadLetter): Html {
  const words = aboutOf(letter)
  return words.length === 0 ? none : html`${words.join(', ')}`
}

function codeOf({ code, facts }: DeadLetter): string {
  return [code, facts.status, facts.err].filter((word) => word !== undefined).join(' ')
}

/** What a list was asked for, by which all of it may be meant. */
const wantedOf = ({ since = '', ...asked }: Asked): [string, string][] => [
  ...Object.entries(deadFilterOf(asked)),
  ...(since === '' ? [] : [['since', since] satisfies [string, string]]),
]

/** Not everything there is. */
const isNarrow = (asked: Asked): boolean => Object.keys(deadFilterOf(asked)).length > 0

function allOf(asked: Asked): Html {
  const href = (action: DeadAction) =>
    `/console/dead/${action}?${new URLSearchParams([...wantedOf(asked), ['all', 'yes']])}`
  return html`<p class="actions">
        <a class="button quiet" href="${href('replay')}">Replay all of these, on every page</a>
        <a class="button quiet" href="${href('discard')}">Discard all of these, on every page</a>
      </p>`
}

export interface AskedDead {
  readonly action: DeadAction
  /** By what they are meant: single ones, or all of a job, a partner and so on. */
  readonly fields: readonly (readonly [string, string])[]
  /** Those that are meant now. */
  readonly ids: readonly string[]
}

export function askAboutDead({ action, fields, ids }: AskedDead, view: View): ConsolePage {
  const isOne = ids.length === 1
  const about = html`<p>${isOne ? html`One letter: <span class="plain">${ids[0]}</span>` : `${ids.length} letters.`}</p>`
  const title = { replay: 'Replay these dead letters?', discard: 'Discard these dead letters?' }
  const effect = {
    replay:
      'They are queued again as they were, with all their attempts, behind what stands in their streams by now. Those whose time has passed are left.',
    discard: 'They are thrown away for good. Their jobs have failed, and stay so.',
  }
  const button = { replay: 'Replay', discard: 'Discard' }
  return confirmPage(
    {
      title: title[action],
      effect: effect[action],
      about,
      action: `/console/dead/${action}`,
      button: button[action],
      isFinal: action === 'discard',
      fields,
      back: '/console/dead',
    },
    view,
  )
}
