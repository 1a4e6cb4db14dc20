import type { CallOptions, VendorHttp } from '../http.ts'
import { type VendorAnswer, vendorReply } from '../vendor-answer.ts'
import { type StateIdApplicant, stateIdRequest } from './request.ts'

/** Asks the issuing authority whether the number stands on a driver's license of this person. */
export type StateIdCheck = (
  applicant: StateIdApplicant,
  options: CallOptions,
) => Promise<VendorAnswer>

export interface StateIdClient {
  readonly check: StateIdCheck
}

export function createStateIdClient(http: VendorHttp): StateIdClient {
  return {
    check: (applicant, options) =>
      http.post(
        { path: '/v1/state-id', body: stateIdRequest(applicant), reply: vendorReply },
        options,
      ),
  }
}
