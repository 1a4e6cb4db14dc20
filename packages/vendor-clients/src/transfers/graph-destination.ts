import type https from 'node:https'
import { z } from 'zod'
import { createQuickXorHash } from '../graph/quick-xor-hash.ts'
import type { Guard } from '../guarded/guard.ts'
import { retryAfterMs } from '../retry-after.ts'
import type { Destination, Place, Upload, UploadPlan } from './destination.ts'
import {
  type Answer,
  type Asking,
  drop,
  exchange,
  readJson,
  refusalOf,
  toTransferError,
} from './exchange.ts'
import { createGraphToken } from './graph-token.ts'
import type { TransferCall } from './source.ts'
import { TransferError } from './transfer-error.ts'

export interface GraphDestinationOptions {
  /** `https://login.microsoftonline.com`, or that of a national cloud. */
  readonly loginUrl: string
  /** `https://graph.microsoft.com/v1.0`, or that of a national cloud. */
  readonly graphUrl: string
  readonly tenant: string
  readonly clientId: string
  readonly clientSecret: string
  readonly driveId: string
  /** Below the drive's root; may be empty. */
  readonly folder: string
  /** The way to Microsoft's own hosts. */
  readonly agent: https.Agent
  /** The way to addresses that Graph names, as the guard allows. */
  readonly guardedAgent: https.Agent
  readonly guard: Guard
  readonly idleMs: number
}

/** Graph takes fragments in multiples of this. One is held in memory. */
const fragmentBytes = 16 * 320 * 1024

const session = z.object({ uploadUrl: z.string() })
const standing = z.object({ nextExpectedRanges: z.array(z.string()).min(1) })
const item = z.object({
  size: z.number(),
  file: z
    .object({ hashes: z.object({ quickXorHash: z.string().optional() }).optional() })
    .optional(),
})

/**
 * A drive of OneDrive or SharePoint, by Microsoft Graph. A file is an upload session: Graph shows nothing of it before its last
 * fragment, and then tells its QuickXorHash.
 */
export function createGraphDestination(options: GraphDestinationOptions): Destination {
  const { graphUrl, driveId, folder, agent, idleMs } = options
  const token = createGraphToken(options)

  function urlOf({ path, filename }: Place, action: string): URL {
    const names = [...folder.split('/'), ...path.split('/'), filename].filter(Boolean)
    const place = names.map(encodeURIComponent).join('/')
    return new URL(`${graphUrl}/drives/${encodeURIComponent(driveId)}/root:/${place}${action}`)
  }

  async function ask(
    asked: Pick<Asking, 'method' | 'url' | 'body'> & { readonly type?: string },
    call: TransferCall,
  ): Promise<Answer> {
    const { type = 'application/json', ...rest } = asked
    const headers = {
      authorization: `Bearer ${await token.get(call)}`,
      ...(asked.body !== undefined && { 'content-type': type }),
    }
    const answer = await exchange({ ...rest, side: 'destination', headers, agent, idleMs }, call)
    if (answer.status === 401) token.forget()
    return answer
  }

  return {
    needsSize: true,
    async find(place, call) {
      const answer = await ask({ method: 'GET', url: urlOf(place, '') }, call)
      if (answer.status === 404) return void drop(answer)
      if (answer.status !== 200) throw refusalOf(answer)
      const { data } = item.safeParse(await readJson(answer, idleMs))
      if (!data) throw new TransferError('destination-unreachable', { cause: 'ITEM' })
      const hash = data.file?.hashes?.quickXorHash
      return { size: data.size, proofs: hash === undefined ? [] : [`quick-xor:${hash}`] }
    },
    async remove(place, call) {
      const answer = await ask({ method: 'DELETE', url: urlOf(place, '') }, call)
      if (answer.status !== 404 && answer.status !== 204) throw refusalOf(answer)
      drop(answer)
    },
    async open(plan, call) {
      const conflict = conflictOf(plan)
      // A session takes no file without a byte.
      if (plan.size === 0) {
        const url = urlOf(plan.place, `:/content?@microsoft.graph.conflictBehavior=${conflict}`)
        const type = plan.mediaType
        return emptyFile(() => ask({ method: 'PUT', url, body: '', type }, call))
      }
      const kept = session.safeParse(plan.resume).data
      const offset = kept && (await offsetOf(options, kept.uploadUrl, call))
      if (kept && offset !== undefined) return openSession(options, { ...kept, plan, offset }, call)
      const url = urlOf(plan.place, ':/createUploadSession')
      const body = JSON.stringify({ item: { '@microsoft.graph.conflictBehavior': conflict } })
      const answer = await ask({ method: 'POST', url, body }, call)
      if (answer.status !== 200) throw refusalOf(answer)
      const { data } = session.safeParse(await readJson(answer, idleMs))
      if (!data) throw new TransferError('destination-unreachable', { cause: 'SESSION' })
      return openSession(options, { ...data, plan, offset: 0 }, call)
    },
  }
}

function conflictOf({ mustBeNew }: UploadPlan): 'fail' | 'replace' {
  return mustBeNew ? 'fail' : 'replace'
}

/** Where an upload session goes on; undefined if it is gone. */
async function offsetOf(
  options: GraphDestinationOptions,
  uploadUrl: string,
  call: TransferCall,
): Promise<number | undefined> {
  const answer = await askSession(options, { uploadUrl, method: 'GET' }, call)
  if (answer.status === 404 || answer.status === 410) return void drop(answer)
  if (answer.status !== 200) throw refusalOf(answer)
  return nextOf(await readJson(answer, options.idleMs))
}

function nextOf(said: unknown): number | undefined {
  const [range = ''] = standing.safeParse(said).data?.nextExpectedRanges ?? []
  const [, from] = /^(\d+)-/.exec(range) ?? []
  return from === undefined ? undefined : Number(from)
}

interface Session {
  readonly uploadUrl: string
  readonly plan: UploadPlan
  readonly offset: number
}

function openSession(
  options: GraphDestinationOptions,
  { uploadUrl, plan, offset }: Session,
  call: TransferCall,
): Upload {
  const { size = 0 } = plan
  const hash = createQuickXorHash()
  let at = offset

  async function send(body: Uint8Array): Promise<void> {
    const range = `bytes ${at}-${at + body.length - 1}/${size}`
    const headers = { 'content-range': range, 'content-type': 'application/octet-stream' }
    const answer = await askSession(options, { uploadUrl, method: 'PUT', headers, body }, call)
    if (![200, 201, 202].includes(answer.status)) throw refusedFragment(answer)
    at += body.length
    drop(answer)
  }

  return {
    offset,
    pieceBytes: fragmentBytes,
    see: (bytes) => hash.update(bytes),
    write: send,
    state: () => ({ uploadUrl }),
    proof: () => `quick-xor:${hash.digest()}`,
    commit: send,
    async abort() {
      // Whoever gives up for a signal has to be able to say so.
      const late = { ...call, signal: AbortSignal.timeout(options.idleMs) }
      await askSession(options, { uploadUrl, method: 'DELETE' }, late).then(drop, () => undefined)
    },
  }
}

/** That a session is gone, or is elsewhere than we are, is no refusal: the next start asks it, or begins another. */
function refusedFragment(answer: Answer): TransferError {
  const { status, headers } = answer
  if (status !== 404 && status !== 410 && status !== 416) return refusalOf(answer)
  answer.message.destroy()
  const cause = `HTTP_${status}`
  return new TransferError('destination-unreachable', {
    cause,
    retryAfterMs: retryAfterMs(headers),
  })
}

/** Sessions have addresses of their own, with their leave in it: no token is shown there. */
async function askSession(
  { guard, guardedAgent: agent, idleMs }: GraphDestinationOptions,
  { uploadUrl, ...asked }: Pick<Asking, 'method' | 'headers' | 'body'> & { uploadUrl: string },
  call: TransferCall,
): Promise<Answer> {
  const url = checked(guard, uploadUrl)
  return await exchange({ ...asked, side: 'destination', url, agent, idleMs }, call)
}

function checked(guard: Guard, text: string): URL {
  try {
    return guard.checkUrl(text)
  } catch (error) {
    throw toTransferError(error, 'destination', new AbortController().signal)
  }
}

function emptyFile(put: () => Promise<Answer>): Upload {
  return {
    offset: 0,
    pieceBytes: fragmentBytes,
    write: async () => undefined,
    state: () => undefined,
    proof: () => undefined,
    async commit() {
      const answer = await put()
      if (answer.status !== 200 && answer.status !== 201) throw refusalOf(answer)
      drop(answer)
    },
    abort: async () => undefined,
  }
}
