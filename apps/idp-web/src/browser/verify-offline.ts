import { paths } from '@anteroom/credential/paths'

/*
 * The service worker of the page that checks a credential: it keeps the page, what the page loads, the keys and the list
 * of revoked credentials, and gives them where there is no network. What it asks for and keeps are these addresses alone,
 * never the one that was opened, which holds the credential.
 */

/** The types of the DOM, which the other scripts need, know nothing of a service worker. */
interface LifetimeEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface FetchEvent extends LifetimeEvent {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}
declare const clients: { claim(): Promise<void> }
declare global {
  interface WindowEventMap {
    install: LifetimeEvent
    activate: LifetimeEvent
    fetch: FetchEvent
  }
}

const cacheName = 'anteroom-check'
const networkTimeoutMs = 4_000
const newestFirst: readonly string[] = [paths.page, paths.keys, paths.revocations]

self.addEventListener('install', (event) => {
  event.waitUntil(Promise.all(newestFirst.map((path) => fetchAndKeep(path))))
})

// Also the page of the very first visit, so that it goes on when the network goes.
self.addEventListener('activate', (event) => event.waitUntil(clients.claim()))

// It is also asked for pages whose address only begins alike; those go their own way.
self.addEventListener('fetch', (event) => {
  const { origin, pathname } = new URL(event.request.url)
  if (origin !== location.origin || event.request.method !== 'GET') return
  if (newestFirst.includes(pathname)) event.respondWith(newest(pathname, event))
  else if (pathname.startsWith('/assets/')) event.respondWith(keptOrFetched(pathname))
})

/** What the network gives; what was kept, where it gives nothing good. */
async function newest(path: string, event: FetchEvent): Promise<Response> {
  const response = await ask(path)
  if (response?.ok) {
    event.waitUntil(keep(path, response.clone()))
    return response
  }
  return (await kept(path)) ?? response ?? Response.error()
}

/** The names of assets change with their content. */
async function keptOrFetched(path: string): Promise<Response> {
  return (await kept(path)) ?? fetch(path)
}

async function fetchAndKeep(path: string): Promise<void> {
  const response = await ask(path)
  if (response?.ok) await keep(path, response)
}

async function keep(path: string, response: Response): Promise<void> {
  const cache = await caches.open(cacheName)
  if (path === paths.page) await keepAssets(cache, await response.clone().text())
  await cache.put(path, response)
}

/** Before the page itself, so that no page is kept without what it needs. Those of an older page go. */
async function keepAssets(cache: Cache, page: string): Promise<void> {
  const named = [...page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path)
  const held = (await cache.keys()).map(({ url }) => new URL(url).pathname)
  await cache.addAll(named.filter((path) => !held.includes(path)))
  const stale = held.filter((path) => path.startsWith('/assets/') && !named.includes(path))
  await Promise.all(stale.map((path) => cache.delete(path)))
}

async function kept(path: string): Promise<Response | undefined> {
  return (await caches.open(cacheName)).match(path)
}

/** Asked anew, however long it might be kept. Undefined if nobody answers. No cookie goes with it. */
function ask(path: string): Promise<Response | undefined> {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(), networkTimeoutMs)
  return fetch(path, { cache: 'no-cache', credentials: 'omit', signal: limit.signal })
    .catch(() => undefined)
    .finally(() => clearTimeout(timer))
}
