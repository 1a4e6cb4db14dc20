/** How much each row does in one round. Everything is bounded: by count where work is handed in, by time elsewhere. */
export interface Size {
  readonly rounds: number
  /** Jobs of one drain, on both sides. */
  readonly pipelineJobs: number
  /** Jobs followed through every stage, one at a time. */
  readonly stagedJobs: number
  /** Jobs one at a time on an idle system, on both sides. */
  readonly idleJobs: number
  readonly loadedSeconds: number
  /** Calls of a bare `addJob`; ours gets ten times as many where ten times the rate is the goal. */
  readonly enqueuedAlone: number
  readonly enqueuedTogether: number
  /** How long jobs that wait for vendors are counted. */
  readonly waitsSeconds: number
  /** How long jobs of one, two and four workers are counted, on both sides. */
  readonly scaleSeconds: number
  readonly burstJobs: number
  readonly pollSeconds: number
  /** People who stand in the line, and how many of them are asked for. */
  readonly linePeople: number
  readonly linePolls: number
  /** Pairs of images that are sealed, on both sides. */
  readonly sealedPairs: number
  /** Documents that are read one at a time. */
  readonly documentsRead: number
  /** Rounds in which what takes long is measured, too: a worker full of photos, the reader, and several workers. */
  readonly longRounds: number
  /** Readings of each specimen. */
  readonly specimensRead: number
  /** Decodings of each specimen, which take a fraction of a reading. */
  readonly specimensDecoded: number
  /** Security events that are delivered as fast as can be, and changes one at a time, on both sides. */
  readonly eventJobs: number
  readonly eventTries: number
  /** Length of the file that is moved. */
  readonly transferBytes: number
}

const usual: Size = {
  rounds: 3,
  pipelineJobs: 2_000,
  stagedJobs: 40,
  idleJobs: 200,
  loadedSeconds: 4,
  enqueuedAlone: 1_500,
  enqueuedTogether: 3_000,
  waitsSeconds: 2,
  scaleSeconds: 6,
  burstJobs: 20_000,
  pollSeconds: 2,
  linePeople: 30_000,
  linePolls: 30_000,
  sealedPairs: 40,
  documentsRead: 6,
  longRounds: 3,
  specimensRead: 5,
  specimensDecoded: 25,
  eventJobs: 2_000,
  eventTries: 200,
  transferBytes: 128_000_000,
}

export const profiles = {
  smoke: {
    rounds: 3,
    pipelineJobs: 300,
    stagedJobs: 10,
    idleJobs: 30,
    loadedSeconds: 1,
    enqueuedAlone: 100,
    enqueuedTogether: 200,
    waitsSeconds: 1,
    scaleSeconds: 3,
    burstJobs: 1_000,
    pollSeconds: 0.4,
    linePeople: 3_000,
    linePolls: 3_000,
    sealedPairs: 20,
    documentsRead: 2,
    longRounds: 1,
    specimensRead: 1,
    specimensDecoded: 5,
    eventJobs: 200,
    eventTries: 30,
    transferBytes: 32_000_000,
  },
  default: usual,
  /** With a file of a gigabyte, and a line of the size for which it was made, which takes a quarter of an hour. */
  full: { ...usual, linePeople: 300_000, linePolls: 100_000, transferBytes: 1_000_000_000 },
} as const satisfies Record<string, Size>

export type ProfileName = keyof typeof profiles
