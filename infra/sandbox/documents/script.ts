import { type Alert, alertNamed, alertOf, doubtful } from './alerts.ts'
import type { Fixture } from './fixture.ts'
import { type DocumentType, documentOf, type SaidDocument } from './person.ts'

/** What the document vendor answers when nothing goes wrong on the way. */
export type Script =
  | { readonly kind: 'status'; readonly status: number }
  | {
      readonly kind: 'read'
      readonly document: SaidDocument
      readonly barcode: 'read' | 'unreadable'
    }
  | { readonly kind: 'refused'; readonly alerts: readonly Alert[] }

/** A photo is read as the sandbox's own person; a fixture says itself what it comes to. */
export function scriptOf(type: DocumentType, fixture: Fixture | undefined): Script {
  const status = fixture?.http_status
  if (status !== undefined) return scriptOfStatus(status)
  const alerts = fixture ? alertsIn(fixture) : []
  if (alerts.length > 0) return { kind: 'refused', alerts }
  const barcode = fixture && isBarcodeAttention(fixture) ? 'unreadable' : 'read'
  return { kind: 'read', document: documentOf(type, fixture?.document), barcode }
}

/** No YAML, or none that is a fixture. */
export const notAFixture: Script = {
  kind: 'refused',
  alerts: [{ side: 'both', reason: 'wrong-file' }],
}

/** Three statuses with which Login.gov's vendor speaks of the images; all others are the vendor's own trouble. */
function scriptOfStatus(status: number): Script {
  const reason = { 438: 'damaged', 439: 'wrong-file', 440: 'too-small' }[status]
  if (reason === undefined) return { kind: 'status', status }
  return { kind: 'refused', alerts: [{ side: 'both', reason }] }
}

function alertsIn(fixture: Fixture): Alert[] {
  const wrong = [...classificationAlerts(fixture), ...passportAlerts(fixture)]
  if (wrong.length > 0) return wrong
  if (fixture.transaction_status?.toLowerCase() === 'failed') return failures(fixture, [doubtful])
  if (isPassed(fixture) || isBarcodeAttention(fixture)) return []
  return failures(fixture, fixture.doc_auth_result === undefined ? [] : [doubtful])
}

function isPassed({ doc_auth_result, transaction_status }: Fixture): boolean {
  return doc_auth_result === 'Passed' || transaction_status?.toLowerCase() === 'passed'
}

function failures({ image_metrics, failed_alerts }: Fixture, otherwise: Alert[]): Alert[] {
  const poor = (['front', 'back'] as const).flatMap(
    (side) => alertOf(side, image_metrics?.[side] ?? {}) ?? [],
  )
  if (poor.length > 0) return poor
  const failed = failed_alerts?.map(({ name }) => alertNamed(name)) ?? []
  return failed.length > 0 ? failed : otherwise
}

/** The barcode alone could not be read: the card still counts, and the person is asked. */
function isBarcodeAttention({ failed_alerts }: Fixture): boolean {
  const [only, ...others] = failed_alerts ?? []
  return others.length === 0 && only?.name === '2D Barcode Read' && only.result === 'Attention'
}

const accepted = ['Drivers License', 'Identification Card', 'Passport']

function classificationAlerts({ classification_info }: Fixture): Alert[] {
  return (['Front', 'Back'] as const).flatMap((name): Alert[] => {
    const { ClassName, CountryCode = 'USA' } = classification_info?.[name] ?? {}
    const isAccepted = ClassName === undefined || accepted.includes(ClassName)
    if (isAccepted && CountryCode === 'USA') return []
    return [{ side: name === 'Front' ? 'front' : 'back', reason: 'wrong-type' }]
  })
}

function passportAlerts({ passport_check_result }: Fixture): Alert[] {
  if (passport_check_result?.PassportCheckResult !== 'Fail') return []
  return [{ side: 'front', reason: 'mrz-invalid' }]
}
