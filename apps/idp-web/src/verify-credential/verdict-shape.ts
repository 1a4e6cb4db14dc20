import { type Html, html } from '../html.ts'
import type { VerdictName } from './verdict-names.ts'

/** A shape for each kind of verdict, so that nobody has to tell them apart by color. */
export function verdictShape(name: VerdictName): Html {
  return html`<svg class="verdict__shape" viewBox="0 0 48 48" aria-hidden="true" focusable="false">${shapeOf(name)}</svg>`
}

function shapeOf(name: VerdictName): Html {
  switch (name) {
    case 'valid':
      return tick
    case 'not-yet-valid':
    case 'expired':
      return clock
    case 'revoked':
    case 'altered':
      return cross
    case 'unknown-issuer':
    case 'unreadable':
    case 'keys-too-old':
    case 'no-keys':
      return question
  }
}

/** A round seal. */
const tick = html`<path class="verdict__ground" d="M24 2a22 22 0 1 1 0 44a22 22 0 1 1 0-44z"/><path class="verdict__line" d="M14 25l7 7 13-15"/>`

/** A square with a clock in it. */
const clock = html`<path class="verdict__ground" d="M8 3h32a5 5 0 0 1 5 5v32a5 5 0 0 1-5 5H8a5 5 0 0 1-5-5V8a5 5 0 0 1 5-5z"/><path class="verdict__line" d="M24 10a14 14 0 1 1 0 28a14 14 0 1 1 0-28zM24 16v9l6 4"/>`

/** A stop sign. */
const cross = html`<path class="verdict__ground" d="M15 2h18l13 13v18L33 46H15L2 33V15z"/><path class="verdict__line" d="M16 16l16 16M32 16L16 32"/>`

/** A square on its corner. */
const question = html`<path class="verdict__ground" d="M21 2.8a4.2 4.2 0 0 1 6 0L45.2 21a4.2 4.2 0 0 1 0 6L27 45.2a4.2 4.2 0 0 1-6 0L2.8 27a4.2 4.2 0 0 1 0-6z"/><path class="verdict__line" d="M18.5 19.5a5.5 5.5 0 1 1 8 4.9c-1.8 1-2.5 2-2.5 3.6M24 33.2v.1"/>`
