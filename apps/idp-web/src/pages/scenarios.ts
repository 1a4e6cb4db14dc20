import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { HttpError } from '../plugins/http-error.ts'

export type ScenarioGroups = z.output<typeof scenarioGroups>

/** Values to which the sandbox vendors react, and the files that say them. */
export function readScenarios(file: string): ScenarioGroups {
  return scenarioGroups.parse(JSON.parse(readFileSync(file, 'utf8')))
}

const scenarioGroups = z.array(
  z.object({
    title: z.string(),
    hint: z.string(),
    values: z.array(
      z.object({
        input: z.string(),
        effect: z.string(),
        file: z.object({ name: z.string(), text: z.string() }).optional(),
      }),
    ),
  }),
)

/** Sends a file that stands beside one of the values. */
export function scenarioRoute(app: FastifyInstance, groups: ScenarioGroups): void {
  const files = groups.flatMap(({ values }) => values.flatMap(({ file }) => file ?? []))
  app.get<{ Params: { name: string } }>('/sandbox/files/:name', async (request, reply) => {
    const file = files.find(({ name }) => name === request.params.name)
    if (!file) throw new HttpError(404, 'SCENARIO_UNKNOWN')
    return reply
      .type('application/yaml')
      .header('content-disposition', 'attachment')
      .send(file.text)
  })
}
