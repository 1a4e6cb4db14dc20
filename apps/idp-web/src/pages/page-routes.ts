import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { WebDeps } from '../deps.ts'
import { otherWaysPage } from './other-ways.ts'
import { sandboxPage } from './sandbox.ts'
import { readSpecimens, specimenRoute } from './specimens.ts'

/** Pages that belong to no step. */
export function pageRoutes(app: FastifyInstance, { config }: WebDeps): void {
  app.get('/other-ways', { config: { sessionOptional: true } }, (_request, reply) =>
    reply.page(otherWaysPage),
  )

  const { sandboxScenariosFile, sandboxSpecimensFolder: folder } = config
  if (folder !== undefined) specimenRoute(app, folder)
  if (sandboxScenariosFile === undefined) return
  const scenarios = scenarioRows.parse(JSON.parse(readFileSync(sandboxScenariosFile, 'utf8')))
  app.get('/sandbox', async (_request, reply) => {
    const specimens = folder === undefined ? [] : await readSpecimens(folder)
    return reply.page((view) => sandboxPage(view, { scenarios, specimens }))
  })
}

const scenarioRows = z.array(z.object({ group: z.string(), input: z.string(), effect: z.string() }))
