export type {
  Expected,
  ExpectedFields,
  ExpectedProblem,
  Specimen,
  SpecimenFiles,
} from './specimen.ts'
export { specimens } from './specimens.ts'
