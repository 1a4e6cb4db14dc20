import type { FastifyInstance } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { otherWaysPage } from './other-ways.ts'
import { sandboxPage } from './sandbox.ts'
import { readScenarios, scenarioRoute } from './scenarios.ts'
import { readSpecimens, specimenRoute } from './specimens.ts'

/** Pages that belong to no step. */
export function pageRoutes(app: FastifyInstance, { config }: WebDeps): void {
  app.get('/other-ways', { config: { sessionOptional: true } }, (_request, reply) =>
    reply.page(otherWaysPage),
  )

  const { sandboxScenariosFile, sandboxSpecimensFolder: folder } = config
  if (folder !== undefined) specimenRoute(app, folder)
  if (sandboxScenariosFile === undefined) return
  const groups = readScenarios(sandboxScenariosFile)
  scenarioRoute(app, groups)
  app.get('/sandbox', async (_request, reply) => {
    const specimens = folder === undefined ? [] : await readSpecimens(folder)
    return reply.page((view) => sandboxPage(view, { groups, specimens }))
  })
}
