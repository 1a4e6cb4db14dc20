import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { documentProblem, documentType } from '@anteroom/job-contracts'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { HttpError } from '../plugins/http-error.ts'
import type { SpecimenFiles } from './sandbox.ts'

/** What the folder's `index.json` lists. Nothing while it is still being filled, or was by another version. */
export async function readSpecimens(folder: string): Promise<readonly SpecimenFiles[]> {
  const text = await readFile(join(folder, 'index.json'), 'utf8').catch(() => '[]')
  const parsed = specimenIndex.safeParse(JSON.parse(text))
  return parsed.success ? parsed.data : []
}

const specimenIndex = z.array(
  z.object({
    title: z.string(),
    documentType,
    expected: z.union([z.enum(['read', 'to-confirm']), z.array(documentProblem)]),
    files: z.array(z.string()),
  }),
)

/** Sends a file that the index lists, and no other. */
export function specimenRoute(app: FastifyInstance, folder: string): void {
  app.get<{ Params: { name: string } }>('/sandbox/specimens/:name', async (request, reply) => {
    const { name } = request.params
    const specimens = await readSpecimens(folder)
    if (!specimens.some(({ files }) => files.includes(name))) {
      throw new HttpError(404, 'SPECIMEN_UNKNOWN')
    }
    return reply
      .type(types[extname(name)] ?? 'application/octet-stream')
      .header('content-disposition', 'attachment')
      .send(createReadStream(join(folder, name)))
  })
}

const types: Readonly<Record<string, string>> = { '.jpg': 'image/jpeg', '.png': 'image/png' }
