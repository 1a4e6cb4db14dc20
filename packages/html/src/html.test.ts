import { expect, test } from 'vitest'
import { html, renderHtml } from './html.ts'

const hostile = `<img src=x onerror="alert('1')">&`
const escaped = '&#60;img src&#61;x onerror&#61;&#34;alert(&#39;1&#39;)&#34;&#62;&#38;'

test('a value is escaped in text and in attributes', () => {
  const page = html`<p title="${hostile}">${hostile}</p>`

  expect(renderHtml(page)).toBe(`<p title="${escaped}">${escaped}</p>`)
})

test('nested html is neither escaped twice nor trusted less', () => {
  const page = html`<ul>${html`<li>${'a & b'}</li>`}</ul>`

  expect(renderHtml(page)).toBe('<ul><li>a &#38; b</li></ul>')
})

test('lists are joined, each item by its own rules', () => {
  const page = html`${[html`<b>1</b>`, '<b>', ['<i>', html`<i>2</i>`]]}`

  expect(renderHtml(page)).toBe('<b>1</b>&#60;b&#62;&#60;i&#62;<i>2</i>')
})

test('nothing is printed for what is not there, and zero is there', () => {
  const page = html`[${undefined}${null}${false}${''}${0}]`

  expect(renderHtml(page)).toBe('[0]')
})

test('an exclamation mark before a value does not switch escaping off', () => {
  const page = html`Hello!${hostile}`

  expect(renderHtml(page)).toBe(`Hello!${escaped}`)
})

test('an object that only looks like html, as a request could hold, is not taken for it', () => {
  const forged = JSON.parse(
    '{"markup":"<script>","Symbol(markup)":"<script>","toString":"<script>"}',
  )

  const page = html`${forged}`

  expect(renderHtml(page)).not.toContain('<script>')
})
