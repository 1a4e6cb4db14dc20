import { jobs, type Open } from '@anteroom/job-contracts'
import { parseJson } from '@anteroom/runtime'
import { z } from 'zod'
import type { OwnSeal } from '../deps.ts'
import { ifUnopenable } from '../if-unopenable.ts'

/** What a consumer wished, as far as it is shown to it again. Where the file came from is not kept. */
const wishSchema = z.object({
  source: z.enum(['url', 's3', 'credential']),
  path: z.string(),
  filename: z.string().nullable(),
})

export type Wish = z.output<typeof wishSchema>

export function sealWish({ seal }: Pick<OwnSeal, 'seal'>, id: string, wish: Wish): Promise<string> {
  return seal(slotOf(id), JSON.stringify(wish))
}

export async function openWish(
  open: Open,
  { id, wish }: { id: string; wish: string },
): Promise<Wish> {
  return wishSchema.parse(JSON.parse(await open(slotOf(id), wish)))
}

const slotOf = (id: string) => ({ name: 'transfer', id })

const job = jobs.documentTransfer
export type Delivered = z.output<typeof job.result>

/** What was delivered, as the worker reported it; undefined if it does not open, or says something else, and always will. */
export async function openDelivered(
  open: Open,
  jobId: string,
  result: string,
): Promise<Delivered | undefined> {
  const text = await open({ name: job.name, id: jobId }, result).catch(ifUnopenable)
  return text === undefined ? undefined : job.result.safeParse(parseJson(text)).data
}
