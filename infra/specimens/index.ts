export type {
  Expected,
  ExpectedFields,
  Specimen,
  SpecimenFiles,
} from './specimen.ts'
export { specimens } from './specimens.ts'
