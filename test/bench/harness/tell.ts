const clearLine = process.stderr.isTTY ? '\r\u001b[K' : ''

/** What goes on now: on a terminal one line that changes, elsewhere one line after the other. */
export function tell(text: string): void {
  process.stderr.write(process.stderr.isTTY ? `${clearLine}${text}` : `${text}\n`)
}

export function endTelling(): void {
  process.stderr.write(clearLine)
}
