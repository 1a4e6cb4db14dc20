/** What a task came to: a sealed result, or what it threw. */
export type Worked =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly error: unknown }

/** Keeps what the work threw apart from what settling may throw. */
export function outcomeOf(work: Promise<string>): Promise<Worked> {
  return work.then(
    (value) => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, error }),
  )
}
