import { type Html, html } from '../html.ts'

/** A page that shows something new each time it is loaded, as it is without scripts. */
export interface Refreshing {
  readonly path: string
  /** Of the part that the page's script hides. */
  readonly id: string
  /** Whether it loads itself again. Left out: it does, and cannot be told not to. */
  readonly refreshes: boolean | undefined
  readonly words: {
    readonly noScript: string
    readonly noScriptStopped: string
    readonly stopRefresh: string
    readonly startRefresh: string
    readonly checkAgain: string
  }
}

/** For the head of the page. */
export function refreshTag({ refreshes }: Pick<Refreshing, 'refreshes'>, seconds: number): Html {
  if (refreshes === false) return html``
  return html`<noscript><meta http-equiv="refresh" content="${seconds}"></noscript>`
}

/** The button is not inside `noscript`: it also serves where the script was blocked or never arrived, which hides it. */
export function refreshControls({ path, id, refreshes, words }: Refreshing): Html {
  const isStopped = refreshes === false
  const stopped = `${path}?refresh=off`
  const [address, label] = isStopped ? [path, words.startRefresh] : [stopped, words.stopRefresh]
  return html`<noscript>
            <p>${isStopped ? words.noScriptStopped : words.noScript}</p>
            ${refreshes !== undefined && html`<p><a class="usa-link" href="${address}">${label}</a></p>`}
          </noscript>
          <div class="actions" id="${id}"><a class="usa-button" href="${isStopped ? stopped : path}">${words.checkAgain}</a></div>`
}
