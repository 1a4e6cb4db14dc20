import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { parseForm } from '../plugins/forms.ts'

const codeForm = z.strictObject({ code: z.string().max(100).optional() })

/** The code that was typed, without spaces; empty if there was none. */
export function parseCodeForm(request: FastifyRequest): string {
  return (parseForm(codeForm, request).code ?? '').replace(/\s/g, '')
}
