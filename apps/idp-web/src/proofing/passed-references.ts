import type { Session } from '../session/session.ts'

interface Found {
  /** The details that were checked now. */
  readonly detailsId: string
  /** What the vendors call their answers, by their keys in the result. */
  readonly found: Readonly<Record<string, string | undefined>>
}

type References = NonNullable<NonNullable<Session['passed']>['references']>

/** Who has said up to here that these details are right, by the names that an account keeps them under. */
export function passedReferences({ passed }: Session, { detailsId, found }: Found): References {
  const earlier = passed?.detailsId === detailsId ? (passed.references ?? []) : []
  const now = Object.entries(names).flatMap(([key, check]) => {
    const reference = found[key]
    return reference === undefined ? [] : [{ check, reference }]
  })
  const ours = now.map(({ check }) => check)
  return [...earlier.filter(({ check }) => !ours.includes(check)), ...now]
}

/** Of the two that are asked about details, one has the name of the check. */
const names: Readonly<Record<string, string>> = {
  resolution: 'resolution-proofing',
  stateId: 'state-id',
  address: 'address-proofing',
}
