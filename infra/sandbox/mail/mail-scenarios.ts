import type { ScenarioValue } from '../scenario-groups.ts'

interface Refusal {
  readonly code: number
  readonly words: string
}

/** What the server says to a recipient; undefined if it takes the letter. */
export type MailReaction = (address: string) => Refusal | undefined

/** The addresses that the mail server reacts to, by how they begin. Every other one gets its letter. */
export const mailScenarios: readonly ScenarioValue[] = [
  {
    input: 'bounce@example.org',
    effect: 'Refused for good. So is every address that begins with “bounce”.',
  },
  {
    input: 'later@example.org',
    effect: 'Put off the first time, then taken. So is every address that begins with “later”.',
  },
]

export function createReaction(): MailReaction {
  const putOff = new Set<string>()
  return (address) => {
    if (/^bounce/i.test(address)) return { code: 550, words: 'No such mailbox here' }
    if (!/^later/i.test(address) || putOff.has(address)) return undefined
    putOff.add(address)
    return { code: 451, words: 'Come again later' }
  }
}
