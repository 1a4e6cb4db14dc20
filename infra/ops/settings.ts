import { commonSettings, withServiceChecks } from '@anteroom/runtime'
import { z } from 'zod'

/** The settings of operators' commands: as a service's, with roles of their own. */
export const opsSettings = withServiceChecks(z.object(commonSettings))

export type OpsConfig = Readonly<z.output<typeof opsSettings>>
