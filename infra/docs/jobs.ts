import { failureReasons, givesAttemptBack, type Job, jobs } from '@anteroom/job-contracts'
import { z } from 'zod'
import { code, table } from './markdown.ts'

/** The tables of `docs/jobs.md`, by region: one of all jobs, one of each job's fields, one of all failure reasons. */
export function jobRegions(): ReadonlyMap<string, string> {
  const catalog: readonly Job[] = Object.values(jobs)
  return new Map([
    ['jobs', jobsTable(catalog)],
    ...catalog.map((job) => [job.name, fieldsOf(job)] as const),
    ['failure-reasons', reasonsTable()],
  ])
}

function jobsTable(catalog: readonly Job[]): string {
  return table(
    ['Job', 'Priority', 'Deadline', 'Outcome kept', 'Attempts'],
    catalog.map((job) => [
      code(job.name),
      String(job.priority ?? 0),
      `${job.deadlineSeconds} s`,
      `${job.outcomeSeconds} s`,
      attemptsOf(job),
    ]),
  )
}

function attemptsOf({ retry }: Job): string {
  const { attempts, firstDelaySeconds, maxDelaySeconds, delaysSeconds } = retry
  if (attempts === 1) return '1'
  if (delaysSeconds)
    return `${attempts}; waits of ${delaysSeconds.join(', ')} s, a fifth around each`
  const first = firstDelaySeconds === undefined ? '' : `; first wait up to ${firstDelaySeconds} s`
  const longest = maxDelaySeconds === undefined ? '' : `, then doubling up to ${maxDelaySeconds} s`
  return `${attempts}${first}${longest}`
}

function fieldsOf(job: Job): string {
  const payload = table(
    ['Payload field', 'In the queue row', 'Given'],
    Object.entries(job.payload.shape).map(([name, schema]) => [
      code(name),
      sideOf(job, name),
      z.safeParse(schema, undefined).success ? 'if there is one' : 'always',
    ]),
  )
  return `${payload}\n\nResult, always sealed: ${resultFields(job).map(code).join(', ')}.`
}

function sideOf({ clear, bound = [] }: Job, field: string): string {
  if (!clear.includes(field)) return 'sealed'
  return bound.includes(field) ? '**readable**, and sealed as well' : '**readable**'
}

const objectSchema = z.object({ properties: z.record(z.string(), z.unknown()) })
const unionSchema = z.object({ oneOf: z.array(objectSchema) })

/** Every field that the result can have, whatever it says. */
function resultFields({ result }: Job): string[] {
  const schema = z.toJSONSchema(result, { io: 'input' })
  const union = unionSchema.safeParse(schema)
  const shapes = union.success ? union.data.oneOf : [objectSchema.parse(schema)]
  return [...new Set(shapes.flatMap(({ properties }) => Object.keys(properties)))]
}

function reasonsTable(): string {
  return table(
    ['Reason', 'Gives the attempt back'],
    failureReasons.map((reason) => [code(reason), givesAttemptBack(reason) ? 'yes' : 'no']),
  )
}
