import type { CallOptions, VendorHttp } from '../http.ts'
import { type VendorAnswer, vendorReply } from '../vendor-answer.ts'
import { type AddressApplicant, addressRequest } from './request.ts'

/** Asks whether the telephone number belongs to this person at this address. */
export type AddressCheck = (
  applicant: AddressApplicant,
  options: CallOptions,
) => Promise<VendorAnswer>

export interface AddressClient {
  readonly check: AddressCheck
}

export function createAddressClient(http: VendorHttp): AddressClient {
  return {
    check: (applicant, options) =>
      http.post(
        { path: '/v1/address', body: addressRequest(applicant), reply: vendorReply },
        options,
      ),
  }
}
