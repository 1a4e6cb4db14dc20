import { transferFileName } from '@anteroom/job-contracts'
import { TransferError } from '@anteroom/vendor-clients'

const longestBytes = 200
/** In bytes or letters; what is longer is no extension. */
const longestExtension = 20

/** A name that every destination takes, made of what a source calls its file; `fallback` where nothing of it is left. */
export function safeFileName(suggested: string | undefined, fallback: string): string {
  const plain = cut(suggested ?? '')
    .normalize('NFC')
    .replace(/["*:<>?/\\|%#\p{C}\p{Zl}\p{Zp}]/gu, '_')
    .replace(/^[.\s]+|[.\s]+$/gu, '')
  const short = shortened(plain)
  // A reserved name is one no more with something before it.
  return [short, `_${short}`].find((name) => transferFileName.safeParse(name).success) ?? fallback
}

/** More letters than a name can have, whatever of them is left: nothing below looks at what a source sends beyond. */
const mostLetters = 300

/** Without folders, and so short that no pattern takes long; a short extension stays. */
export function cut(suggested: string): string {
  const name = suggested.slice(suggested.lastIndexOf('/') + 1)
  if (name.length <= mostLetters) return name
  const [, extension] = split(name)
  const ending = extension.length <= longestExtension ? extension : ''
  return name.slice(0, mostLetters - ending.length) + ending
}

/** `name (2).pdf`, of a length that is still taken. */
function numbered(name: string, number: number): string {
  const [stem, extension] = split(name)
  return `${stem} (${number})${extension}`
}

/** Cut before the extension, between characters. */
function shortened(name: string): string {
  if (bytesOf(name) <= longestBytes) return name
  const [stem, extension] = split(name)
  const ending = bytesOf(extension) <= longestExtension ? extension : ''
  const letters = [...stem]
  while (bytesOf(letters.join('')) + bytesOf(ending) > longestBytes) letters.pop()
  return `${letters.join('').replace(/[.\s]+$/u, '')}${ending}`
}

function split(name: string): [stem: string, extension: string] {
  const at = name.lastIndexOf('.')
  return at > 0 ? [name.slice(0, at), name.slice(at)] : [name, '']
}

const bytesOf = (text: string): number => Buffer.byteLength(text)

const mostNumbers = 1_000

/** The name itself, or with the first number that makes it free. */
export async function freeName(
  name: string,
  isFree: (name: string) => Promise<boolean>,
): Promise<string> {
  if (await isFree(name)) return name
  for (let number = 1; number < mostNumbers; number += 1) {
    const next = numbered(name, number)
    if (await isFree(next)) return next
  }
  throw new TransferError('file-exists')
}
