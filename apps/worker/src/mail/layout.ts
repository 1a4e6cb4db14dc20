/** What an e-mail is made of. */
export type Part =
  | { readonly kind: 'text'; readonly words: string }
  | { readonly kind: 'link'; readonly href: string; readonly label: string }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [name: string, value: string])[] }
  | { readonly kind: 'small'; readonly lines: readonly string[] }

export function toText(parts: readonly Part[]): string {
  return `${parts.map(textOf).join('\n\n')}\n`
}

function textOf(part: Part): string {
  switch (part.kind) {
    case 'text':
      return part.words
    case 'link':
      return `${part.label}:\n${part.href}`
    case 'facts':
      return part.rows.map(([name, value]) => `${name}: ${value}`).join('\n')
    case 'small':
      return ['--', ...part.lines].join('\n')
  }
}

interface Page {
  readonly title: string
  /** BCP 47 */
  readonly language: string
}

/** Nothing is fetched to show it: no image, no style sheet, and nobody learns that it was read. */
export function toHtml(parts: readonly Part[], { title, language }: Page): string {
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title></head>
<body style="margin:0;padding:24px;font:17px/1.5 sans-serif;color:#1b1b1b;background:#fff">
<div style="max-width:600px">
<h1 style="font-size:24px;line-height:1.3">${escaped(title)}</h1>
${parts.map(htmlOf).join('\n')}
</div>
</body>
</html>
`
}

function htmlOf(part: Part): string {
  switch (part.kind) {
    case 'text':
      return `<p>${escaped(part.words)}</p>`
    case 'link':
      return `<p><a href="${escaped(part.href)}" style="display:inline-block;padding:12px 20px;color:#fff;background:#005ea2;border-radius:4px;font-weight:bold">${escaped(part.label)}</a></p>
<p style="font-size:14px">${escaped(part.href)}</p>`
    case 'facts':
      return `<p>${part.rows.map(([name, value]) => `${escaped(name)}: <strong>${escaped(value)}</strong>`).join('<br>')}</p>`
    case 'small':
      return `<p style="font-size:14px;color:#565c65">${part.lines.map(escaped).join('<br>')}</p>`
  }
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}
