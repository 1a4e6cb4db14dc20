import { S3Error } from './error.ts'

/** Both ends count. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** One range of bytes (RFC 9110 section 14.1.2); a header that is no such range is passed over, as S3 does. */
export function readRange(header: string | undefined, size: number): ByteRange | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (from === '' && to === '') return undefined

  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined
  if (start > end) throw new S3Error('InvalidRange')
  return { start, end }
}
