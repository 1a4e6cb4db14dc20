export interface GroupCommitOptions<Rider, Answer> {
  /** Commits all riders at once and answers each, in order. Must be harmless to repeat with the same riders. */
  readonly commit: (riders: readonly Rider[]) => Promise<readonly Answer[]>
  /** How long the first rider waits for others. Without it a caller alone departs at once. */
  readonly gatherMs?: number
  /** Upper bound of one group. */
  readonly maxRiders?: number
  /** Callers that may wait; one more is refused, because its turn would come too late to matter. */
  readonly maxWaiting?: number
  /** Whether an error leaves it unknown if the commit happened. Such a group is committed once more. */
  readonly isCommitUnknown?: (error: unknown) => boolean
}

/**
 * Lets callers that arrive while a commit is in flight ride together in the next one. At one caller at a time it
 * adds nothing; under load one commit (and one NOTIFY, which serialises commits in Postgres) serves many callers,
 * and each is still answered by its own commit.
 */
export function createGroupCommit<Rider, Answer>({
  commit,
  gatherMs = 0,
  maxRiders = 200,
  maxWaiting = 2_000,
  isCommitUnknown = () => false,
}: GroupCommitOptions<Rider, Answer>): (rider: Rider) => Promise<Answer> {
  const waiting: Seat<Rider, Answer>[] = []
  let inFlight = false

  async function depart(): Promise<void> {
    inFlight = true
    if (gatherMs > 0) await new Promise((resolve) => setTimeout(resolve, gatherMs))
    while (waiting.length > 0) await carry(waiting.splice(0, maxRiders))
    inFlight = false
  }

  async function carry(seats: readonly Seat<Rider, Answer>[]): Promise<void> {
    const riders = seats.map((seat) => seat.rider)
    try {
      const answers = await commit(riders).catch((error: unknown) => {
        if (!isCommitUnknown(error)) throw error
        return commit(riders)
      })
      settle(seats, answers)
    } catch (error) {
      for (const seat of seats) seat.reject(error)
      // Whoever waits would only wait for the same.
      if (isCommitUnknown(error)) for (const seat of waiting.splice(0)) seat.reject(error)
    }
  }

  return (rider) =>
    new Promise<Answer>((resolve, reject) => {
      if (waiting.length >= maxWaiting) return reject(new GroupCommitFullError())
      waiting.push({ rider, resolve, reject })
      if (!inFlight) void depart()
    })
}

/** More callers wait than could be served in time. */
export class GroupCommitFullError extends Error {
  override readonly name = 'GroupCommitFullError'
  readonly code = 'GROUP_COMMIT_FULL'

  constructor() {
    super('GROUP_COMMIT_FULL')
  }
}

interface Seat<Rider, Answer> {
  readonly rider: Rider
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

function settle<Rider, Answer>(
  seats: readonly Seat<Rider, Answer>[],
  answers: readonly Answer[],
): void {
  if (answers.length !== seats.length) throw new Error('GROUP_COMMIT_ANSWERS_MISSING')
  for (const [index, seat] of seats.entries()) {
    // Lengths are equal, checked above; an Answer may itself be undefined.
    seat.resolve(answers[index] as Answer)
  }
}
