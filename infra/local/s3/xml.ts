/** One element with text or with elements already written; undefined children are left out. */
export function element(name: string, content: string | readonly (string | undefined)[]): string {
  const inner = typeof content === 'string' ? escapeText(content) : content.filter(Boolean).join('')
  return `<${name}>${inner}</${name}>`
}

export function xmlDocument(root: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}`
}

/** The inner text of every element of this name, in order; enough for the small bodies that S3 clients send. */
export function innerTexts(xml: string, name: string): string[] {
  const form = new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, 'g')
  return [...xml.matchAll(form)].map(([, inner = '']) => inner)
}

export function unescapeText(text: string): string {
  return text.replace(/&(#\d{1,7}|#x[\da-f]{1,6}|\w+);/gi, (whole, entity: string) => {
    if (!entity.startsWith('#')) return entities.get(entity) ?? whole
    const codePoint = Number(entity.replace('#', '').replace(/^x/i, '0x'))
    return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : whole
  })
}

const entities = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;')
}
