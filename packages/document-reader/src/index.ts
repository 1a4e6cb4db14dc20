export {
  createDocumentReader,
  type DocumentReader,
  type DocumentReaderOptions,
  type ReaderRequest,
} from './document-reader.ts'
export { DocumentReaderError, type DocumentReaderErrorCode } from './reader-error.ts'
export {
  type Address,
  type DocumentType,
  type Problem,
  type ReadDocument,
  type Reading,
  type Reason,
  reasons,
  type Side,
  type SideImage,
} from './reading.ts'
export { type ImageFault, maxVettedBytes, type VettedImage } from './vetted-image.ts'
