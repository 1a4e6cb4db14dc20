import type { CallOptions, VendorHttp } from '../http.ts'
import { type VendorAnswer, vendorReply } from '../vendor-answer.ts'
import { type ResolutionApplicant, resolutionRequest } from './request.ts'

/** Asks whether name, date of birth, Social Security number and address belong to one person. */
export type ResolutionCheck = (
  applicant: ResolutionApplicant,
  options: CallOptions,
) => Promise<VendorAnswer>

export interface ResolutionClient {
  readonly check: ResolutionCheck
}

export function createResolutionClient(http: VendorHttp): ResolutionClient {
  return {
    check: (applicant, options) =>
      http.post(
        { path: '/v1/resolution', body: resolutionRequest(applicant), reply: vendorReply },
        options,
      ),
  }
}
