import { randomBytes } from 'node:crypto'
import { S3Error } from './error.ts'

export interface Part {
  readonly file: string
  readonly size: number
  readonly md5: Buffer
  /** Base64, if it came with one. */
  readonly sha256?: string | undefined
}

/** A multipart upload that is neither completed nor aborted. */
export interface Upload {
  readonly id: string
  readonly key: string
  readonly headers: Readonly<Record<string, string>>
  readonly parts: Map<number, Part>
}

export interface Uploads {
  start(key: string, headers: Upload['headers']): Upload
  /** An id is good for the key it was made for alone. */
  find(id: string, key: string): Upload
  end(upload: Upload): void
  count(): number
}

/** Open uploads live as long as the process: after a restart they are gone, as if they had been aborted. */
export function createUploads(): Uploads {
  const open = new Map<string, Upload>()
  return {
    start: (key, headers) => {
      const upload = { id: randomBytes(24).toString('base64url'), key, headers, parts: new Map() }
      open.set(upload.id, upload)
      return upload
    },
    find: (id, key) => {
      const upload = open.get(id)
      if (upload?.key !== key) throw new S3Error('NoSuchUpload')
      return upload
    },
    end: (upload) => {
      open.delete(upload.id)
    },
    count: () => open.size,
  }
}
