import type { Redis } from 'ioredis'
import type pg from 'pg'
import { z } from 'zod'
import type { WebConfig } from '../config.ts'
import { createGrants, type Grants } from './grants.ts'
import type { Partner } from './partners.ts'
import { loadPartners, type Partners } from './partners-file.ts'
import { type OpenidSettings, openidSettings } from './settings.ts'
import { interactionKey } from './short-lived.ts'

/** What the web knows of partners. */
export interface Openid {
  readonly settings: OpenidSettings
  readonly partners: Partners
  readonly grants: Grants
  /** The partner whose request somebody is answering, by `session.interaction`; undefined if it has expired. */
  partnerOf(interaction: string): Promise<Partner | undefined>
}

export function createOpenid(
  config: WebConfig,
  { db, redis }: { readonly db: pg.Pool; readonly redis: Redis },
): Openid | undefined {
  const settings = openidSettings(config)
  if (!settings) return undefined
  const partners = loadPartners(settings.partnersFile)
  return {
    settings,
    partners,
    grants: createGrants(db),
    async partnerOf(interaction) {
      const text = await redis.get(interactionKey(interaction))
      const { data } = stored.safeParse(text === null ? undefined : JSON.parse(text))
      return data && partners.get(data.params.client_id)
    },
  }
}

const stored = z.object({ params: z.object({ client_id: z.string() }) })
