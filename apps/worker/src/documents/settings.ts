import { flag, keyList, wholeNumber } from '@anteroom/runtime'
import { z } from 'zod'

const mebibyte = 1024 * 1024

/** The worker's settings about documents. */
export const documentSettings = {
  documentBucket: z
    .string()
    .min(3)
    .optional()
    .describe('S3 bucket of the sealed images. Without it every document check fails.'),
  s3Endpoint: z.url().optional().describe('S3 address, if it is not the one of the AWS region.'),
  documentKeepSeconds: wholeNumber({ min: 1_800, max: 3_400 })
    .default(2_700)
    .describe('Images older than this are removed, whatever became of their check.'),
  documentMemoryBytes: wholeNumber({ min: 64 * mebibyte, max: 64 * 1024 * mebibyte })
    .default(256 * mebibyte)
    .describe(
      'Memory for images in one process, twice their size each, or 8 MB more than it where a vendor may be asked. Checks wait for their share within their deadline.',
    ),
  documentReader: z
    .enum(['own', 'vendor'])
    .default('own')
    .describe('Who reads documents: our own reader, or the documents vendor.'),
  documentVendorPercent: wholeNumber({ min: 0, max: 100 })
    .default(0)
    .describe('With own: of a hundred documents, so many go to the vendor instead.'),
  documentFallback: flag()
    .default(false)
    .describe(
      'Whether the vendor reads a document over which our own reader fails, and our own reader where the vendor is out of reach. Not where the first refuses.',
    ),
  documentFixtures: flag()
    .default(false)
    .describe(
      'For sandboxes: YAML files, which script a pretend reading, go to the vendor. Never in the environment "production".',
    ),
  documentJobs: wholeNumber({ min: 1, max: 1_000 })
    .default(25)
    .describe(
      'Document checks that run at once in one process, half of concurrent_jobs at most. More wait in the queue and keep nobody else waiting.',
    ),
  documentReaderThreads: wholeNumber({ min: 1, max: 64 })
    .default(2)
    .describe(
      'Documents that our own reader reads at once in one process, on a core each. Each takes up to 300 MB of its own.',
    ),
  documentMinimumAge: wholeNumber({ min: 0, max: 120 })
    .default(13)
    .describe('How old somebody must be, in years, for their document to be accepted.'),
  documentsUrl: z
    .url({ protocol: /^https$/ })
    .optional()
    .describe('Address of the documents vendor; required where it may be asked.'),
  documentsToken: z
    .string()
    .min(1)
    .optional()
    .meta({ secret: true })
    .describe('Token that the documents vendor knows us by; required where it may be asked.'),
  documentsTimeoutMs: wholeNumber({ min: 100, max: 58_000 })
    .default(20_000)
    .describe('Time budget of one call to the documents vendor, in milliseconds.'),
  fingerprintKeys: keyList()
    .optional()
    .meta({ secret: true })
    .describe(
      'Keys of the hashes by which a failed image is known again, newest first; required with document_bucket.',
    ),
} as const

export type DocumentSettings = Readonly<z.output<z.ZodObject<typeof documentSettings>>>

export function mayAskVendor(given: Partial<DocumentSettings>): boolean {
  const { documentReader, documentVendorPercent = 0, documentFallback, documentFixtures } = given
  return (
    documentReader === 'vendor' ||
    documentVendorPercent > 0 ||
    documentFallback === true ||
    documentFixtures === true
  )
}
