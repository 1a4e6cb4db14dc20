import { z } from 'zod'
import type { Destination, Place, Upload, UploadPlan } from './destination.ts'
import {
  type Ask,
  type Connection,
  codeOf,
  connect,
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
  const pathOf = ({ path, filename }: Place) =>
    `/${[...folder.split('/'), ...path.split('/'), filename].filter(Boolean).join('/')}`
  const temporaryOf = ({ path }: Place, transferId: string) =>
    pathOf({ path, filename: `.${transferId}.part` })

  return {
    needsSize: false,
    find: (place, call) =>
      withSftp(options, call, async (ask) => {
        const size = await sizeAt(ask, pathOf(place))
        return size === undefined ? undefined : { size, proofs: [] }
      }),
    hasShown: (place, transferId, call) =>
      withSftp(options, call, async (ask) => {
        return (await sizeAt(ask, temporaryOf(place, transferId))) === undefined
      }),
    remove: (place, call) => withSftp(options, call, (ask) => remove(ask, pathOf(place))),
    async open(plan, call) {
      const target = pathOf(plan.place)
      const temporary =
        kept.safeParse(plan.resume).data?.temporary ?? temporaryOf(plan.place, plan.transferId)
      const connection = await connect(options, call)
      try {
        const discard = (path: string) => {
          const late = { ...call, signal: AbortSignal.timeout(options.idleMs) }
          return withSftp(options, late, (ask) => remove(ask, path))
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
  { ask, end }: Connection,
  { temporary, target, plan, call, discard }: File,
): Promise<Upload> {
  await makeFolders(ask, target)
  // What was written and not written down is written over.
  const offset = Math.min((await sizeAt(ask, temporary)) ?? 0, plan.resumeAtMost ?? 0)
  const mode = offset > 0 ? 'r+' : 'w'
  const handle = await ask<Buffer>((sftp, then) => sftp.open(temporary, mode, then))
  let at = offset

  async function write(piece: Uint8Array): Promise<void> {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length)
    const writes: Promise<void>[] = []
    // The server takes them in their order, so that its file has no holes whenever this ends.
    for (let from = 0; from < bytes.length; from += packetBytes) {
      const length = Math.min(packetBytes, bytes.length - from)
      const position = at + from
      writes.push(
        ask<void>((sftp, then) => sftp.write(handle, bytes, from, length, position, then)),
      )
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
        await ask<void>((sftp, then) => sftp.close(handle, then))
        // Longer is what an earlier start has left behind the end of a file that is shorter now.
        if ((await sizeAt(ask, temporary)) !== at) {
          throw new TransferError('destination-unreachable', { cause: 'SIZE', startOver: true })
        }
        await show(ask, { temporary, target, mustBeNew: plan.mustBeNew })
      } catch (error) {
        throw ofSftp(error, call)
      } finally {
        end()
      }
    },
    async abort() {
      end()
      await discard(temporary).catch(() => undefined)
    },
  }
}

/** SFTP's own rename fails if there is such a file; OpenSSH's extension replaces it. */
async function show(
  ask: Ask,
  { temporary, target, mustBeNew }: { temporary: string; target: string; mustBeNew: boolean },
): Promise<void> {
  if (!mustBeNew) return replace(ask, temporary, target)
  if ((await sizeAt(ask, target)) !== undefined) throw new TransferError('file-exists')
  await ask<void>((sftp, then) => sftp.rename(temporary, target, then))
}

/** Servers without the extension have nothing under the name for a moment, and never a part of a file. */
async function replace(ask: Ask, temporary: string, target: string): Promise<void> {
  try {
    return await ask<void>((sftp, then) => sftp.ext_openssh_rename(temporary, target, then))
  } catch (error) {
    // ssh2 throws without a status where the server did not name the extension.
    if (typeof codeOf(error) === 'number' && codeOf(error) !== unsupported) throw error
  }
  await remove(ask, target)
  await ask<void>((sftp, then) => sftp.rename(temporary, target, then))
}

const unsupported = 8

async function makeFolders(ask: Ask, target: string): Promise<void> {
  const names = target.split('/').slice(1, -1)
  for (const [index] of names.entries()) {
    const folder = `/${names.slice(0, index + 1).join('/')}`
    if ((await sizeAt(ask, folder)) === undefined) {
      await ask<void>((sftp, then) => sftp.mkdir(folder, then))
    }
  }
}

const noSuchFile = 2

async function sizeAt(ask: Ask, path: string): Promise<number | undefined> {
  try {
    return (await ask<{ size: number }>((sftp, then) => sftp.stat(path, then))).size
  } catch (error) {
    if (codeOf(error) === noSuchFile) return undefined
    throw error
  }
}

async function remove(ask: Ask, path: string): Promise<void> {
  await ask<void>((sftp, then) => sftp.unlink(path, then)).catch((error: unknown) => {
    if (codeOf(error) !== noSuchFile) throw error
  })
}
