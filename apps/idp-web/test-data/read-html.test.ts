import { expect, test } from 'vitest'
import { readHtml } from './read-html.ts'

test('an element is read with its attributes, its text and what is around it', () => {
  const elements = readHtml('<main><p class="a" hidden>1 &#60; <b>2</b></p></main>')

  expect(elements.find(({ name }) => name === 'p')).toEqual({
    name: 'p',
    attributes: { class: 'a', hidden: '' },
    text: '1 < 2',
    ancestors: ['main'],
  })
})

test.each([
  ['an element that is not closed', '<main><p></main>'],
  ['an element closed twice', '<p></p></p>'],
  ['a page that ends early', '<main>'],
  ['an attribute without quotes', '<p class=a></p>'],
  ['an attribute that stands twice', '<p id="a" id="b"></p>'],
  ['a stray bracket', '<p>1 < 2</p>'],
])('%s is refused', (_name, page) => {
  expect(() => readHtml(page)).toThrow()
})
