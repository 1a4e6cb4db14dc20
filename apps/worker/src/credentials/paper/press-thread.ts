import { workerData } from 'node:worker_threads'
import { z } from 'zod'
import { createPrinter } from './make-paper.ts'

/** What runs in the threads of `press.ts`, found there by this name. */
export const print = createPrinter(
  z.object({ issuerName: z.string() }).parse(workerData).issuerName,
)
