import { wholeNumber } from '@anteroom/runtime'

/** Settings of the line, part of the web's. */
export const lineSettings = {
  lineLongestWaitSeconds: wholeNumber({ min: 60, max: 604_800 })
    .default(7_200)
    .describe(
      'Nobody new is let into the line for a credential while the wait is longer than this.',
    ),
  credentialJoins: wholeNumber({ min: 1, max: 1_000 })
    .default(5)
    .describe(
      'Places in the line for a credential that one person may take, and that may be taken for one Social Security number, in an attempt window.',
    ),
} as const
