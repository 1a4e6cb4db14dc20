import type { CallOptions, VendorHttp } from '../http.ts'
import { documentsReply, type VendorReading } from './reply.ts'
import { type DocumentQuestion, documentsRequest } from './request.ts'

/** Asks what an ID document says, and whether it can be believed. */
export type DocumentsRead = (
  question: DocumentQuestion,
  options: CallOptions,
) => Promise<VendorReading>

export interface DocumentsClient {
  readonly read: DocumentsRead
}

export function createDocumentsClient(http: VendorHttp): DocumentsClient {
  return {
    read: (question, options) =>
      http.post(
        { path: '/v1/documents', body: documentsRequest(question), reply: documentsReply },
        options,
      ),
  }
}
