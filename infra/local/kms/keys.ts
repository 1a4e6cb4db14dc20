import { createHmac, randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { localAccount, localRegion } from '../aws-principals.ts'

export type KmsOperation = 'GenerateDataKey' | 'Encrypt' | 'Decrypt' | 'DescribeKey'

/** One statement of a key policy: who may do what, and in which encryption contexts. */
export interface KmsGrant {
  readonly principal: string
  readonly operations: readonly KmsOperation[]
  /** Every pair named here must stand in the call's encryption context with one of the listed values. */
  readonly context?: Readonly<Record<string, readonly string[]>>
}

export interface KmsKeyOptions {
  readonly id: string
  readonly enabled?: boolean
  /** Nothing is allowed that no grant allows. */
  readonly grants: readonly KmsGrant[]
}

export interface KmsKey {
  readonly id: string
  readonly arn: string
  readonly material: Buffer
  readonly grants: readonly KmsGrant[]
  enabled: boolean
}

export type EncryptionContext = Readonly<Record<string, string>>

const rootBytes = 32

export async function createKmsKeys(
  directory: string,
  options: readonly KmsKeyOptions[],
): Promise<ReadonlyMap<string, KmsKey>> {
  const root = await rootSecret(directory)
  return new Map(
    options.map(({ id, grants, enabled = true }) => [
      id,
      {
        id,
        arn: `arn:aws:kms:${localRegion}:${localAccount}:key/${id}`,
        material: createHmac('sha256', root).update(id).digest(),
        grants,
        enabled,
      },
    ]),
  )
}

export function isGranted(
  key: KmsKey,
  caller: { readonly principal: string; readonly operation: KmsOperation },
  context: EncryptionContext,
): boolean {
  return key.grants.some(
    (grant) =>
      grant.principal === caller.principal &&
      grant.operations.includes(caller.operation) &&
      Object.entries(grant.context ?? {}).every(([name, values]) =>
        values.some((value) => context[name] === value),
      ),
  )
}

async function rootSecret(directory: string): Promise<Buffer> {
  const file = join(directory, 'root-secret')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  // wx: of two processes that start at once, the second reads what the first wrote.
  await writeFile(file, randomBytes(rootBytes), { flag: 'wx', mode: 0o600 }).catch(ignoreExisting)
  const root = await readFile(file)
  if (root.length !== rootBytes) throw new Error(`${file} is not ${rootBytes} bytes long`)
  return root
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
