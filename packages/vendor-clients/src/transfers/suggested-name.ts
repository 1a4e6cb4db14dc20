/** A name of 300 letters of three bytes each, as `filename*` writes it, and what stands around it. */
const longestDisposition = 4_096

/**
 * What a source calls its file: by Content-Disposition (RFC 6266, with `filename*` before `filename`), or by the last part of its
 * path. Folders in it are dropped; nobody has checked the rest.
 */
export function suggestedName(disposition: string | undefined, path: string): string | undefined {
  const named = nameOf(disposition?.slice(0, longestDisposition) ?? '')
  return lastPart(named ?? decoded(lastPart(path) ?? ''))
}

function nameOf(disposition: string): string | undefined {
  const extended = /;\s*filename\*\s*=\s*(UTF-8|ISO-8859-1)'[^']*'([^;\s]+)/i.exec(disposition)
  if (extended) {
    const [, charset = '', value = ''] = extended
    const name = /utf-8/i.test(charset) ? decoded(value) : latin(value)
    if (name !== '') return name
  }
  const quoted = /;\s*filename\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(disposition)
  if (quoted) return quoted[1]?.replace(/\\(.)/g, '$1')
  return /;\s*filename\s*=\s*([^\s;"]+)/i.exec(disposition)?.[1]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

function latin(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}

function lastPart(path: string): string | undefined {
  return path.split(/[/\\]/).at(-1) || undefined
}
