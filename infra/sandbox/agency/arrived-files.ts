import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3'
import type { Drive } from '../graph/drive.ts'
import type { FileShelf } from './file-shelf.ts'
import type { SftpServer } from './sftp-server.ts'

export interface ArrivedFile {
  readonly kind: 'graph' | 's3' | 'https' | 'sftp'
  /** Folders and name, by "/". */
  readonly path: string
  readonly bytes: Buffer
  readonly sha256: string
}

export interface ArrivalPlaces {
  readonly drive: Drive
  readonly s3: { readonly client: S3Client; readonly bucket: string }
  readonly shelf: Pick<FileShelf, 'files'>
  readonly sftp: Pick<SftpServer, 'files'>
}

/** Every whole file that stands at one of the agency's four places. */
export async function arrivedFiles(places: ArrivalPlaces): Promise<ArrivedFile[]> {
  const found = [
    ...(await ofDrive(places)),
    ...(await ofBucket(places)),
    ...[...places.shelf.files].map(([path, { bytes }]) => file('https', decodeURI(path), bytes)),
    ...[...places.sftp.files].map(([path, bytes]) => file('sftp', path, bytes)),
  ]
  return found.filter(({ path }) => !path.endsWith('.part'))
}

function ofDrive({ drive }: ArrivalPlaces): Promise<ArrivedFile[]> {
  return Promise.all(
    drive
      .all()
      .map(async ({ folder, name, file: place }) =>
        file('graph', [folder, name].filter(Boolean).join('/'), await readFile(place)),
      ),
  )
}

async function ofBucket({ s3: { client, bucket } }: ArrivalPlaces): Promise<ArrivedFile[]> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }))
  return Promise.all(
    Contents.map(async ({ Key = '' }) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }))
      return file('s3', Key, Buffer.from((await Body?.transformToByteArray()) ?? []))
    }),
  )
}

function file(kind: ArrivedFile['kind'], path: string, bytes: Buffer): ArrivedFile {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { kind, path: path.replace(/^\//, ''), bytes, sha256 }
}
