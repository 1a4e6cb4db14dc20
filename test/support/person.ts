/** A person with a browser that runs no scripts: keeps cookies, follows redirects, fills in the forms it is shown. */
export interface Person {
  readonly cookies: ReadonlyMap<string, string>
  /** Every address that was asked for, redirects included, with its query. */
  readonly requested: readonly string[]
  get(path: string): Promise<Page>
  /** Sends the form of a page they have got, with its hidden token. */
  submit(page: Page, path: string, fields?: Readonly<Record<string, string>>): Promise<Page>
  /** Sends the form of a page with JPEG files in it, each by the name of its field. */
  submitFiles(page: Page, path: string, files: Readonly<Record<string, Uint8Array>>): Promise<Page>
}

export interface Page {
  /** Where the redirects led. */
  readonly path: string
  readonly status: number
  readonly html: string
  readonly headers: Headers
  readonly heading: string
}

export function createPerson(baseUrl: string): Person {
  const cookies = new Map<string, string>()
  const requested: string[] = []

  async function fetchPage(path: string, init: RequestInit = {}): Promise<Page> {
    requested.push(path)
    const response = await fetch(new URL(path, baseUrl), {
      ...init,
      redirect: 'manual',
      headers: {
        ...init.headers,
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
    })
    for (const cookie of response.headers.getSetCookie()) keep(cookies, cookie)
    const location = response.headers.get('location')
    if (location !== null) {
      await response.body?.cancel()
      return fetchPage(location)
    }
    const html = await response.text()
    const { pathname } = new URL(path, baseUrl)
    return {
      path: pathname,
      status: response.status,
      html,
      headers: response.headers,
      heading: headingOf(html),
    }
  }

  return {
    cookies,
    requested,
    get: (path) => fetchPage(path),
    submit: (page, path, fields = {}) =>
      fetchPage(path, {
        method: 'POST',
        body: new URLSearchParams({ csrf: tokenOf(page.html), ...fields }),
      }),
    submitFiles(page, path, files) {
      const body = new FormData()
      body.append('csrf', tokenOf(page.html))
      for (const [name, bytes] of Object.entries(files)) {
        body.append(name, new Blob([Buffer.from(bytes)], { type: 'image/jpeg' }), `${name}.jpg`)
      }
      return fetchPage(path, { method: 'POST', body })
    },
  }
}

function keep(cookies: Map<string, string>, header: string): void {
  const [pair = '', ...attributes] = header.split('; ')
  const [name = '', value = ''] = pair.split('=', 2)
  if (attributes.some((attribute) => attribute.startsWith('Expires=Thu, 01 Jan 1970')))
    cookies.delete(name)
  else cookies.set(name, value)
}

export function tokenOf(html: string): string {
  return /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? ''
}

export function headingOf(html: string): string {
  const heading = /<h1[^>]*>([\s\S]*?)<\/h1>/.exec(html)?.[1] ?? ''
  return heading
    .replace(/<[^>]+>/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}
