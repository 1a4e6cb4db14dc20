import { readFile, writeFile } from 'node:fs/promises'
import { sealTextFor } from '@anteroom/crypto'
import { webhookSecretName } from '@anteroom/idp-web/transfers'
import pg from 'pg'
import { newKey } from '../ops/transfer-keys.ts'
import {
  addKey,
  listConsumers,
  listKeys,
  revokeKey,
  saveConsumer,
  setReceiver,
} from '../ops/transfer-statements.ts'
import { agencyPaths } from '../sandbox/agency/sample-agency.ts'
import { sampleDestinations, sampleKeyFile, webhookSecretOf } from './agency.ts'
import type { LocalStack } from './stack.ts'

const id = 'sample-office'
const actor = 'local-stack'

/** Where people can send it their credentials. */
const receiver = {
  name: 'Sample Agency',
  destination: sampleDestinations.https,
  folder: 'credentials',
}

/** The consumer of a local stack, with its webhook at the sample agency, a good key, and a folder for credentials. Returns the file that the key is in. */
export async function readySampleConsumer(
  stack: Pick<LocalStack, 'addresses' | 'agency' | 'secrets' | 'sealer'>,
  directory: string,
): Promise<string> {
  const db = new pg.Pool({ connectionString: stack.addresses.databaseUrls.ops, max: 1 })
  try {
    const isNew = !(await listConsumers(db)).some((known) => known.id === id)
    const sealRecord = sealTextFor(stack.sealer, 'record')
    const consumer = {
      id,
      sourceHosts: ['localhost'],
      destinations: Object.values(sampleDestinations),
      maxBytes: 64 * 1024 * 1024,
      perMinute: 600,
      webhookUrl: stack.agency.filesUrl + agencyPaths.webhooks,
      webhookSecret: await sealRecord(
        { name: webhookSecretName, id },
        webhookSecretOf(stack.secrets),
      ),
    }
    await saveConsumer(db, actor, { consumer, isNew })
    await setReceiver(db, actor, { consumer: id, receiver })
    await readyKey(db, sampleKeyFile(directory))
    return sampleKeyFile(directory)
  } finally {
    await db.end()
  }
}

/** The key of the last start, unless it is no good any more; then another one, and no old one beside it. */
async function readyKey(db: pg.Pool, file: string): Promise<void> {
  const kept = await readFile(file, 'utf8').catch(() => '')
  const good = (await listKeys(db, id)).filter(({ is_good }) => is_good)
  if (good.some((key) => kept.startsWith(`at_${key.id}_`))) return
  for (const key of good) await revokeKey(db, actor, { key: key.id, inHours: 0 })
  const { text, ...key } = newKey()
  await addKey(db, actor, { consumer: id, ...key, days: 90 })
  await writeFile(file, `${text}\n`, { mode: 0o600 })
}
