import type { SFTPWrapper } from 'ssh2'
import { z } from 'zod'
import type { Destination, Place, Upload, UploadPlan } from './destination.ts'
import {
  type Connection,
  codeOf,
  connect,
  done,
  ofSftp,
  type SftpOptions,
  withSftp,
} from './sftp-connection.ts'
import type { TransferCall } from './source.ts'
import { TransferError } from './transfer-error.ts'

const pieceBytes = 1024 * 1024
/** Every server takes so much in one message. */
const packetBytes = 32 * 1024

const kept = z.object({ temporary: z.string() })

/** A server that speaks SFTP. A file is written under a hidden name and renamed when it is whole; the server tells its size alone. */
export function createSftpDestination(options: SftpOptions): Destination {
  const { folder } = options
  const folderOf = ({ path }: Place) => [folder, path].filter(Boolean).join('/')
  const pathOf = (place: Place) => `${folderOf(place)}/${place.filename}`

  return {
    needsSize: false,
    find: (place, call) =>
      withSftp(options, call, async (sftp) => {
        const size = await sizeAt(sftp, pathOf(place))
        return size === undefined ? undefined : { size, proofs: [] }
      }),
    remove: (place, call) => withSftp(options, call, (sftp) => remove(sftp, pathOf(place))),
    async open(plan, call) {
      const target = pathOf(plan.place)
      const temporary =
        kept.safeParse(plan.resume).data?.temporary ??
        `${folderOf(plan.place)}/.${plan.transferId}.part`
      const connection = await connect(options, call)
      try {
        const discard = (path: string) => {
          const late = { ...call, signal: AbortSignal.timeout(options.idleMs) }
          return withSftp(options, late, (sftp) => remove(sftp, path))
        }
        return await openFile(connection, { temporary, target, plan, call, discard })
      } catch (error) {
        connection.end()
        throw ofSftp(error, call)
      }
    },
  }
}

interface File {
  readonly temporary: string
  readonly target: string
  readonly plan: UploadPlan
  readonly call: TransferCall
  /** Over a connection of its own. */
  readonly discard: (path: string) => Promise<void>
}

async function openFile(
  { sftp, end }: Connection,
  { temporary, target, plan, call, discard }: File,
): Promise<Upload> {
  await makeFolders(sftp, target)
  const offset = plan.resume === undefined ? 0 : ((await sizeAt(sftp, temporary)) ?? 0)
  const handle = await done<Buffer>((then) => sftp.open(temporary, offset > 0 ? 'r+' : 'w', then))
  let at = offset

  async function write(piece: Uint8Array): Promise<void> {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length)
    const writes: Promise<void>[] = []
    // The server takes them in their order, so that its file has no holes whenever this ends.
    for (let from = 0; from < bytes.length; from += packetBytes) {
      const length = Math.min(packetBytes, bytes.length - from)
      const position = at + from
      writes.push(done<void>((then) => sftp.write(handle, bytes, from, length, position, then)))
    }
    await Promise.all(writes).catch((error: unknown) => fail(error))
    at += bytes.length
  }

  function fail(error: unknown): never {
    end()
    throw ofSftp(error, call)
  }

  return {
    offset,
    pieceBytes,
    write,
    state: () => ({ temporary }),
    proof: () => undefined,
    async commit(last) {
      try {
        if (last.length > 0) await write(last)
        await done<void>((then) => sftp.close(handle, then))
        if ((await sizeAt(sftp, temporary)) !== at) {
          throw new TransferError('destination-unreachable', { cause: 'SIZE' })
        }
        await show(sftp, { temporary, target, mustBeNew: plan.mustBeNew })
      } catch (error) {
        throw ofSftp(error, call)
      } finally {
        end()
      }
    },
    async abort() {
      end()
      // What is asked of a connection that has ended is never answered.
      await discard(temporary).catch(() => undefined)
    },
  }
}

/** SFTP's own rename fails if there is such a file; OpenSSH's extension replaces it. */
async function show(
  sftp: SFTPWrapper,
  { temporary, target, mustBeNew }: { temporary: string; target: string; mustBeNew: boolean },
): Promise<void> {
  if (!mustBeNew) return replace(sftp, temporary, target)
  if ((await sizeAt(sftp, target)) !== undefined) throw new TransferError('file-exists')
  await done<void>((then) => sftp.rename(temporary, target, then))
}

/** Servers without the extension have nothing under the name for a moment, and never a part of a file. */
async function replace(sftp: SFTPWrapper, temporary: string, target: string): Promise<void> {
  try {
    return await done<void>((then) => sftp.ext_openssh_rename(temporary, target, then))
  } catch (error) {
    // ssh2 throws without a status where the server did not name the extension.
    if (typeof codeOf(error) === 'number' && codeOf(error) !== unsupported) throw error
  }
  await remove(sftp, target)
  await done<void>((then) => sftp.rename(temporary, target, then))
}

const unsupported = 8

async function makeFolders(sftp: SFTPWrapper, target: string): Promise<void> {
  const names = target.split('/').slice(1, -1)
  for (const [index] of names.entries()) {
    const folder = `/${names.slice(0, index + 1).join('/')}`
    if ((await sizeAt(sftp, folder)) === undefined) {
      await done<void>((then) => sftp.mkdir(folder, then))
    }
  }
}

const noSuchFile = 2

async function sizeAt(sftp: SFTPWrapper, path: string): Promise<number | undefined> {
  try {
    return (await done<{ size: number }>((then) => sftp.stat(path, then))).size
  } catch (error) {
    if (codeOf(error) === noSuchFile) return undefined
    throw error
  }
}

async function remove(sftp: SFTPWrapper, path: string): Promise<void> {
  await done<void>((then) => sftp.unlink(path, then)).catch((error: unknown) => {
    if (codeOf(error) !== noSuchFile) throw error
  })
}
