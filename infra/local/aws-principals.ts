/** Who may sign requests to the local S3 and KMS servers: one per service of ours, as IAM roles are in AWS. */
export interface AwsPrincipal {
  readonly name: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export const localRegion = 'us-east-1'
export const localAccount = '000000000000'
