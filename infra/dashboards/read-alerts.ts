import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const rules = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: z.string(),
          expr: z.string(),
          labels: z.object({ severity: z.enum(['page', 'ticket']) }),
          annotations: z.object({ summary: z.string(), runbook: z.string() }),
        }),
      ),
    }),
  ),
})

export type AlertRule = z.output<typeof rules>['groups'][number]['rules'][number]

export const alertsFile = join(import.meta.dirname, 'alerts.yaml')

export function readAlerts(): readonly AlertRule[] {
  const { groups } = rules.parse(parse(readFileSync(alertsFile, 'utf8')))
  return groups.flatMap((group) => group.rules)
}
