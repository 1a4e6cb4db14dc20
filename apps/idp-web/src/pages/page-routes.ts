import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { WebDeps } from '../deps.ts'
import { otherWaysPage } from './other-ways.ts'
import { sandboxPage } from './sandbox.ts'

/** Pages that belong to no step. */
export function pageRoutes(app: FastifyInstance, { config }: WebDeps): void {
  app.get('/other-ways', { config: { sessionOptional: true } }, (_request, reply) =>
    reply.page(otherWaysPage),
  )

  const { sandboxScenariosFile } = config
  if (sandboxScenariosFile === undefined) return
  const scenarios = scenarioRows.parse(JSON.parse(readFileSync(sandboxScenariosFile, 'utf8')))
  app.get('/sandbox', (_request, reply) => reply.page((view) => sandboxPage(view, { scenarios })))
}

const scenarioRows = z.array(z.object({ group: z.string(), input: z.string(), effect: z.string() }))
