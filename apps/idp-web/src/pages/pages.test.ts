import { describe, expect, test } from 'vitest'
import { pageSamples, sampleDetails } from '../../test-data/page-samples.ts'
import { type Element, readHtml } from '../../test-data/read-html.ts'
import { sampleView } from '../../test-data/sample-view.ts'
import { renderHtml } from '../html.ts'

const samples = Object.entries(pageSamples())
const pages = samples.map(([name, render]) => {
  const text = renderHtml(render(sampleView))
  return { name, text, elements: readHtml(text) }
})

describe.each(pages)('the page "$name"', ({ text, elements }) => {
  const ids = elements.flatMap(({ attributes }) => attributes.id ?? [])

  test('has one h1, which is its title, and skips no level of headings', () => {
    const headings = elements.filter(
      ({ name, ancestors }) => /^h\d$/.test(name) && !ancestors.includes('dialog'),
    )

    const first = headings.filter(({ name }) => name === 'h1')
    expect(first).toHaveLength(1)
    expect(one(elements, 'title').text).toContain(first[0]?.text)
    const levels = headings.map(({ name }) => Number(name[1]))
    expect(levels.every((level, index) => level <= (levels[index - 1] ?? 2) + 1)).toBe(true)
  })

  test('says its language, and has a main part that the skip link leads to', () => {
    expect(one(elements, 'html').attributes.lang).toBe('en-US')
    expect(one(elements, 'main').attributes.id).toBe('main')
  })

  test('uses every id once', () => {
    expect(ids).toEqual([...new Set(ids)])
  })

  test('refers only to ids that are there', () => {
    const references = elements.flatMap(({ attributes }) => [
      ...(attributes['aria-describedby']?.split(' ') ?? []),
      ...(attributes['aria-labelledby']?.split(' ') ?? []),
      ...(attributes.for ? [attributes.for] : []),
      ...(attributes.href?.startsWith('#') ? [attributes.href.slice(1)] : []),
    ])

    expect(ids).toEqual(expect.arrayContaining(references))
  })

  test('labels every control', () => {
    const labelled = elements
      .filter(({ name }) => name === 'label')
      .map(({ attributes }) => attributes.for)
    const controls = elements.filter(
      ({ name, attributes }) =>
        ['input', 'select', 'textarea'].includes(name) && attributes.type !== 'hidden',
    )
    const sent = controls.filter(({ ancestors }) => ancestors.includes('form'))

    expect(labelled).toEqual(controls.map(({ attributes }) => attributes.id))
    expect(sent.every(({ attributes }) => attributes.name === attributes.id)).toBe(true)
    expect(controls.some(({ attributes }) => attributes.type === 'number')).toBe(false)
  })

  test('has no script or style of its own', () => {
    const scripts = elements.filter(({ name }) => name === 'script')
    const handlers = elements
      .flatMap(({ attributes }) => Object.keys(attributes))
      .filter((name) => /^(on|style$)/.test(name))

    expect(
      scripts.every(
        ({ text, attributes }) => text === '' && attributes.src?.startsWith('/assets/'),
      ),
    ).toBe(true)
    expect(elements.some(({ name }) => name === 'style')).toBe(false)
    expect(handlers).toEqual([])
    expect(text).not.toMatch(/javascript:/i)
  })

  test('sends every form by POST with the token of the session, and to us', () => {
    const forms = elements.filter(
      ({ name, attributes }) => name === 'form' && attributes.method !== 'dialog',
    )
    const tokens = elements.filter(({ attributes }) => attributes.name === 'csrf')

    expect(forms.every(({ attributes }) => attributes.method === 'post')).toBe(true)
    expect(
      forms.every(({ attributes }) =>
        /^\/[a-z]+(-[a-z]+)?(\/[\w-]+){0,2}$/.test(attributes.action ?? ''),
      ),
    ).toBe(true)
    expect(tokens.map(({ attributes }) => attributes.value)).toEqual(
      forms.map(() => 'token-of-the-session'),
    )
  })

  test('loads nothing from elsewhere', () => {
    const addresses = elements.flatMap(({ attributes }) =>
      [attributes.src ?? [], attributes.href ?? []].flat(),
    )

    expect(addresses.filter((address) => !/^(\/(?!\/)|#)/.test(address))).toEqual([])
  })

  test('offers help in the footer, first', () => {
    const links = elements.filter(
      ({ name, ancestors }) => name === 'a' && ancestors.includes('footer'),
    )

    expect(links[0]?.attributes.href).toBe('/other-ways')
  })
})

test('a page without a session has no forms and no warning', () => {
  const { session, ...outside } = sampleView

  const elements = readHtml(renderHtml(sample('error 404')({ ...outside, csrfToken: '' })))

  expect(session).toBeDefined()
  expect(elements.filter(({ name }) => ['form', 'dialog', 'script'].includes(name))).toEqual([])
})

test('every page with errors says so in its title, and its summary has the focus and leads to each field', () => {
  const wrong = pages.filter(({ text }) => text.includes('usa-error-message'))

  expect(wrong.length).toBeGreaterThan(5)
  for (const { elements } of wrong) {
    const messages = elements.filter(({ attributes }) => attributes.class === 'usa-error-message')
    const summary = elements.find(({ attributes }) => attributes.class?.includes('error-summary'))
    const links = elements.filter(
      ({ name, attributes }) =>
        name === 'a' && attributes.href?.startsWith('#') && attributes.class !== 'usa-skipnav',
    )
    expect(one(elements, 'title').text).toMatch(/^Error: /)
    expect(summary?.attributes).toMatchObject({ role: 'alert', tabindex: '-1', autofocus: '' })
    expect(
      links.map(({ attributes, text }) => [`${attributes.href?.slice(1)}-error`, text]),
    ).toEqual(messages.map(({ attributes, text }) => [attributes.id, text.replace('Error: ', '')]))
  }
})

test('what a person typed comes back in the form and nowhere as markup', () => {
  const { elements, text } = page('details all wrong')

  const shown = elements.find(({ attributes }) => attributes.id === 'lastName')
  expect(shown?.attributes.value).toBe('<b>'.repeat(30))
  expect(text).not.toContain('<b>')
  expect(text).not.toContain('alert(1)')
})

test('the Social Security number is masked where answers are checked, and whole only behind the click', () => {
  const { elements } = page('check')

  const whole = elements.filter(({ text }) => text.includes('900-12-3456')).map(({ name }) => name)
  expect(whole).toContain('details')
  const row = elements.find(({ attributes }) => attributes.class === 'digits')
  expect(row?.text).toBe('•••-••-3456')
})

test('only the pages where a person types or checks answers show any of them', () => {
  const others = pages.filter(({ name }) => !/^(details|check|phone|read|profile)/.test(name))

  for (const { text } of others) {
    expect(text).not.toContain(sampleDetails.ssn)
    expect(text).not.toContain(sampleDetails.city)
  }
})

test.each(pages.filter(({ name }) => / (not verified|failed|limited|expired)/.test(name)))(
  'the failure "$name" offers another way',
  ({ elements }) => {
    const inMain = elements.filter(
      ({ name, ancestors }) => name === 'a' && ancestors.includes('main'),
    )

    expect(inMain.map(({ attributes }) => attributes.href)).toContain('/other-ways')
  },
)

test.each(['resolution-proofing', 'address-proofing'])(
  'after trouble that was not theirs, a person repeats the %s check with one button',
  (check) => {
    const { elements, text } = page(`${check} failed, timed-out`)

    const actions = elements
      .filter(({ name }) => name === 'form')
      .map(({ attributes }) => attributes.action)
    expect(actions).toContain('/verify/retry')
    expect(text).toContain('at most 60 seconds')
    expect(text).toContain('You have 4 tries left.')
  },
)

test('without tries left no button asks for another', () => {
  const { elements } = page('resolution-proofing not verified, last try')

  const actions = elements
    .filter(({ name }) => name === 'form')
    .map(({ attributes }) => attributes.action)
  expect(actions).not.toContain('/verify/retry')
})

test.each(['resolution-proofing', 'address-proofing'])(
  'a person who was limited in the %s check finds the way on once the time has come, and not before',
  (check) => {
    const [before, after] = [page(`${check} limited`), page(`${check} limited until now`)].map(
      ({ elements }) =>
        elements
          .filter(({ name, ancestors }) => name === 'form' && ancestors.includes('main'))
          .map(({ attributes }) => attributes.action),
    )

    expect(before).toEqual([])
    expect(after).toEqual(['/verify/retry'])
  },
)

test('people are told that a company may get their photos where one may, before they agree', () => {
  const company = 'A company that reads ID documents for us may get your photos.'

  const said = pages.filter(({ text }) => text.includes(company)).map(({ name }) => name)

  expect(said).toEqual(['consent with a vendor'])
})

test('the consent page names everything that is collected', () => {
  const [withDocuments, without] = [page('consent').text, page('consent without documents').text]

  expect(withDocuments).toContain('Photos of your ID. Your name')
  expect(withDocuments).toContain('passport number')
  expect(without).not.toMatch(/photo|passport/i)
})

test('a phone may choose a photo as well as take one, without scripts too', () => {
  const files = page('photos of a license').elements.filter(
    ({ attributes }) => attributes.type === 'file',
  )

  expect(files).toHaveLength(2)
  for (const { attributes } of files) expect(attributes).not.toHaveProperty('capture')
})

test('what was wrong with a passport stands under the name that its photo had', () => {
  const headings = page('passport refused, not verified').elements.filter(
    ({ name, ancestors }) => name === 'h2' && ancestors.includes('main'),
  )

  expect(headings[0]?.text).toBe('Page with your picture')
  expect(headings.map(({ text }) => text).join()).not.toMatch(/front|both/i)
  expect(page('passport refused, not verified').text).not.toContain('U.S. state')
})

test('one photo sent for both sides is not called one of before', () => {
  const { text } = page('document refused for one photo twice, not verified')

  expect(text).toContain('You sent one photo for both sides.')
  expect(text).not.toContain('the same photo as before')
})

test('photos that could have gone again but are gone are said to be', () => {
  const gone = 'Your photos are no longer here.'

  expect(page('photos gone, failed').text).toContain(gone)
  expect(page('document-proofing failed, timed-out').text).not.toContain(gone)
})

test('the time of the next try is told in words and for machines', () => {
  const time = one(page('resolution-proofing limited').elements, 'time')

  expect(time.attributes.datetime).toBe('2026-01-15T19:45:00.000Z')
  expect(time.text).toMatch(/^January 15 at 2:45.PM EST$/)
})

test.each([
  ['wait for the identity check', 'wait without refresh'],
  ['line', 'line without refresh'],
])(
  'the page "%s" refreshes itself only where scripts do not run, and not if told not to',
  (name, without) => {
    const refreshing = page(name).elements.filter(isRefresh)
    const still = page(without).elements.filter(isRefresh)

    expect(refreshing.map(({ ancestors }) => ancestors.at(-1))).toEqual(['noscript'])
    expect(still).toEqual([])
  },
)

describe('the line', () => {
  test('tells the place, the wait as a range, and how far the person has come', () => {
    const { text, elements } = page('line')

    expect(text).toContain('12 people are ahead of you.')
    expect(text).toContain('Your wait is about 4 to 7 minutes.')
    expect(one(elements, 'progress').attributes).toMatchObject({ max: '41', value: '28' })
  })

  test('names no wait while it stands still, and says that no place is lost', () => {
    const { text } = page('line paused, issuer-busy')

    expect(text).not.toMatch(/Your wait is|do not know yet/)
    expect(text).toContain('You keep your place.')
  })

  test('keeps the visit alive, so it does not warn of its end', () => {
    const names = page('line').elements.map(({ name }) => name)

    expect(names).not.toContain('dialog')
    expect(page('line').text).not.toContain('session-warning')
    expect(page('line').text).toContain('While this page is open, your visit does not end.')
  })

  test('cannot be left once it is the person’s turn', () => {
    const rules = page('line, called').elements.find(
      ({ attributes }) => attributes.id === 'line-rules',
    )

    expect(rules?.attributes).toHaveProperty('hidden')
  })

  test.each([
    ['failed in line, timed-out', true],
    ['failed in line, rejected-input', false],
  ])('after "%s" says that the place is kept only if it is', (name, isKept) => {
    expect(page(name).text.includes('you keep your place')).toBe(isKept)
  })
})

test('the credential has a text in place of the picture, and no address with anything of it', () => {
  const { text, elements } = page('credential')

  const shown = one(elements, 'object')
  expect(shown.attributes).toMatchObject({
    'aria-label': 'Your credential as a PDF',
    data: '/credential/file#toolbar=0&view=FitH',
  })
  expect(shown.text).toContain('Open the PDF')
  expect(text.match(/(?:href|data)="[^"]*AR-[^"]*"/)).toBeNull()
})

test('the progress bar shows time that has passed against the longest time', () => {
  const { attributes } = one(page('wait for the phone check').elements, 'progress')

  expect(attributes).toMatchObject({ value: '12', max: '60' })
})

function isRefresh({ attributes }: Element): boolean {
  return attributes['http-equiv'] === 'refresh'
}

function sample(name: string) {
  const render = pageSamples()[name]
  if (!render) throw new Error('There is no such sample')
  return render
}

function page(name: string): { text: string; elements: readonly Element[] } {
  const text = renderHtml(sample(name)(sampleView))
  return { text, elements: readHtml(text) }
}

function one(elements: readonly Element[], name: string): Element {
  const [found, ...others] = elements.filter((element) => element.name === name)
  if (!found || others.length > 0) throw new Error('There should be exactly one')
  return found
}
