import type { RoundedWait } from '../../credential/rounded-wait.ts'
import type { Pause } from '../../line/standing.ts'

/** What the line's page says of the moment. Its script says the same in the same words, so no more than this is here. */
export const lineWords = {
  ahead: (people: number): string => {
    if (people === 0) return 'You are next.'
    return people === 1 ? '1 person is ahead of you.' : `${number(people)} people are ahead of you.`
  },
  wait: (wait: RoundedWait | undefined): string => {
    if (!wait) return 'We do not know yet how long it will take.'
    const { unit, from, to } = wait
    if (unit === 'minutes' && from === 0 && to === 1) return 'Your wait is less than a minute.'
    const until = to === 1 ? `1 ${unit === 'hours' ? 'hour' : 'minute'}` : `${to} ${unit}`
    if (from === 0) return `Your wait is up to ${until}.`
    return from === to ? `Your wait is about ${until}.` : `Your wait is about ${from} to ${until}.`
  },
  /** Without a pause: that one is over. */
  paused: (pause: Pause | undefined): string => {
    switch (pause) {
      case undefined:
        return 'The line moves again.'
      case 'stopped':
        return 'We have stopped the line for a short time. You keep your place.'
      case 'issuer-busy':
        return 'The office that makes credentials is busy, so the line stands still. You keep your place.'
      case 'unknown':
        return 'The line stands still for a moment. You keep your place.'
    }
  },
}

export type LineWords = typeof lineWords

const number = (value: number): string => new Intl.NumberFormat('en-US').format(value)
