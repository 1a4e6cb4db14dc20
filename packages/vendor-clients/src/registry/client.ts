import type { CallOptions, VendorHttp } from '../http.ts'
import { type RegistryEntry, registryReply } from './reply.ts'
import { type RegistryPerson, registryRequest } from './request.ts'

/** Has the registry enter this person. A repetition under the same key is the same entry, and no second one. */
export type RegistryEnter = (person: RegistryPerson, options: CallOptions) => Promise<RegistryEntry>

export interface RegistryClient {
  readonly enter: RegistryEnter
}

export function createRegistryClient(http: VendorHttp): RegistryClient {
  return {
    enter: (person, options) =>
      http.post(
        { path: '/v1/credentials', body: registryRequest(person), reply: registryReply },
        options,
      ),
  }
}
