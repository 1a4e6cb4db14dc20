/** Of a job, as every maker of jobs writes it. */
export const isJobId = (text: string): boolean => /^[\w-]{43}$/.test(text)

/** As the audit takes it. */
export const isOperatorName = (text: string): boolean => /^[A-Za-z0-9._@+-]{1,64}$/.test(text)
