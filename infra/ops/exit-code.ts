/** How a command ends, for scripts. */
export const exitCodes = { inEffect: 0, failed: 1, notUnderstood: 2, notKnown: 3 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
