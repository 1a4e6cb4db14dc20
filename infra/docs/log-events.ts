import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface LoggedEvent {
  readonly event: string
  readonly level: string
  /** Service names, `both` for what the runtime logs. */
  readonly service: string
}

const sources = [
  ['idp-web', 'apps/idp-web/src'],
  ['worker', 'apps/worker/src'],
  ['both', 'packages/runtime/src'],
] as const

/** Every event that the code logs, found where it is logged: an event is always written out there. */
export async function findLogEvents(root: string): Promise<readonly LoggedEvent[]> {
  const found = await Promise.all(
    sources.map(async ([service, folder]) =>
      eventsIn(await readSources(join(root, folder)), service),
    ),
  )
  const unique = new Map(
    found.flat().map((row) => [`${row.event} ${row.service} ${row.level}`, row]),
  )
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

async function readSources(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true })
  const files = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const texts = await Promise.all(files.sort().map((name) => readFile(join(folder, name), 'utf8')))
  return texts.join('\n')
}

function eventsIn(text: string, service: string): LoggedEvent[] {
  return [...text.matchAll(logCall)].flatMap(([, level = 'varies', argument = '']) =>
    [...argument.matchAll(eventName)].map(([, event = '']) => ({ event, level, service })),
  )
}

// The first argument alone; it may be a choice between two events.
const logCall = /\blog(?:\.(debug|info|warn|error)|\[level\])\(([^,)]*)/g
const eventName = /'([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+)'/g
