import { expect, test } from 'vitest'
import { pageSamples } from '../../test-data/page-samples.ts'
import { readHtml } from '../../test-data/read-html.ts'
import { readingGrade } from '../../test-data/reading-grade.ts'
import { sampleView } from '../../test-data/sample-view.ts'
import { renderHtml } from '../html.ts'
import { catalogues, type Texts } from './index.ts'

const locales = Object.entries(catalogues)

test.each(locales)(
  'the catalogue "%s" has the keys of the English one, each of the same kind',
  (_name, catalogue) => {
    expect(kinds(catalogue)).toEqual(kinds(catalogues.en))
  },
)

test.each(locales)('the catalogue "%s" has no empty text', (_name, catalogue) => {
  const empty = leaves(catalogue).filter(
    ([, text]) => typeof text === 'string' && text.trim() === '',
  )

  expect(empty).toEqual([])
})

test('every text is used by a page', () => {
  const used = new Set<string>()
  const texts = recording(catalogues.en, used)

  for (const render of Object.values(pageSamples())) render({ ...sampleView, texts })

  const unused = leaves(catalogues.en)
    .map(([key]) => key)
    .filter((key) => !used.has(key))
  expect(unused).toEqual([])
})

test('a text that no page uses would be found', () => {
  const used = new Set<string>()
  const texts = recording({ a: { b: 'used', c: 'unused' } }, used)

  expect(texts.a.b).toBe('used')

  expect(used).toEqual(new Set(['a.b']))
})

test('no page is harder to read than grade 8', () => {
  const grades = Object.entries(pageSamples()).map(([name, render]) => {
    const text = readHtml(renderHtml(render(sampleView)))
      .filter(
        ({ name, ancestors }) => ['p', 'li', 'label'].includes(name) && ancestors.includes('main'),
      )
      .map(({ text }) => text)
    return [name, readingGrade(text)] as const
  })

  expect(grades.filter(([, grade]) => grade > 8)).toEqual([])
})

test('texts for people in the United States are spelled as they spell', () => {
  const words = leaves(catalogues.en)
    .map(([, text]) => String(text))
    .join(' ')

  expect(words).not.toMatch(/licence|colour|organis|cancelled|post code|surname/i)
})

type Leaf = readonly [key: string, value: unknown]

function leaves(value: unknown, path = ''): readonly Leaf[] {
  if (typeof value !== 'object' || value === null) return [[path, value]]
  return Object.entries(value).flatMap(([key, child]) =>
    leaves(child, path === '' ? key : `${path}.${key}`),
  )
}

function kinds(catalogue: Texts): object {
  return Object.fromEntries(leaves(catalogue).map(([key, value]) => [key, typeof value]))
}

/** The same texts, noting each that is read. */
function recording<T extends object>(value: T, used: Set<string>, path = ''): T {
  return new Proxy(value, {
    get(target, key) {
      const child = Reflect.get(target, key)
      if (typeof key === 'symbol' || !Object.hasOwn(target, key)) return child
      const name = path === '' ? key : `${path}.${key}`
      if (typeof child === 'object' && child !== null) return recording(child, used, name)
      used.add(name)
      return child
    },
  })
}
