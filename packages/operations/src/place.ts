/** Where a page of a list ended: its last row's job, with the moment by which it is sorted, to the microsecond. */
export interface Place {
  /** In UTC, as {@link placeOf} writes it. */
  readonly at: string
  readonly id: string
}

/** Part of a statement: a column's moment as a place has it. */
export const placeOf = (column: string): string =>
  `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

export const writePlace = ({ at, id }: Place): string => `${at}/${id}`

/** Undefined if it is not one. */
export function readPlace(text: string): Place | undefined {
  const [, at = '', id = ''] = written.exec(text) ?? []
  return Number.isNaN(Date.parse(at)) ? undefined : { at, id }
}

const written = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)\/([\w -]{1,64})$/

/** A page of a list, of which one row more was read than it shows: that one tells whether there is more. */
export function pageOf<Row extends { readonly job_id: string; readonly place: string }>(
  rows: readonly Row[],
  atMost: number,
): { readonly rows: readonly Row[]; readonly next: Place | undefined } {
  const shown = rows.slice(0, atMost)
  const last = shown.at(-1)
  const more = rows.length > atMost && last !== undefined
  return { rows: shown, next: more ? { at: last.place, id: last.job_id } : undefined }
}
