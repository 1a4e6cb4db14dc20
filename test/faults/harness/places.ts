import { join } from 'node:path'
import { root } from '../../support/root.ts'

export const localCache = join(root, '.local/cache')
/** Where the results of long runs are kept. */
export const resultsFolder = join(root, '.local/faults')
