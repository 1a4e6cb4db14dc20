import { html } from 'ghtml'
import { pretendPage } from '../pretend-page.ts'
import type { ArrivedFile } from './arrived-files.ts'
import { sourceFiles } from './source-files.ts'
import type { ReceivedWebhook } from './webhook-desk.ts'

export interface AgencyFacts {
  /** Where its files can be fetched. */
  readonly filesUrl: string
  readonly arrived: readonly ArrivedFile[]
  readonly webhooks: readonly ReceivedWebhook[]
}

export function agencyPage({ filesUrl, arrived, webhooks }: AgencyFacts): string {
  const sources = Object.entries(sourceFiles).map(
    ([name, about]) => html`<li><code>${filesUrl}/${name}</code><br>${about}</li>`,
  )
  return pretendPage(
    'Sample Agency',
    html`<p>A pretend agency that has documents moved. <a href="/">Look again</a></p>
      <h2>Documents that can be fetched</h2>
      <ul>!${sources.join('')}</ul>
      <h2>Documents that arrived</h2>
      !${listOf('arrived', arrived.map(arrivedItem))}
      <h2>What the webhook was told</h2>
      !${listOf('webhooks', webhooks.toReversed().map(webhookItem))}`,
  )
}

function arrivedItem({ kind, path, bytes, sha256 }: ArrivedFile): string {
  return html`<li><strong>${kind}</strong> <a href="/arrived/${kind}/${encodeURI(path)}">${path}</a>, ${bytes.length} bytes<pre>${sha256}</pre></li>`
}

function webhookItem({ id, at, isGenuine, body }: ReceivedWebhook): string {
  const said = isGenuine ? 'verified' : 'refused: not signed by our secret'
  return html`<li><strong>${said}</strong>, ${new Date(at).toISOString().slice(0, 19)}Z, ${id}<pre>${body}</pre></li>`
}

function listOf(id: string, items: readonly string[]): string {
  if (items.length === 0) return html`<p>Nothing so far.</p>`
  return html`<ol id="${id}">!${items.join('')}</ol>`
}
