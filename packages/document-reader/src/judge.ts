import type { CardData } from './aamva.ts'
import type { BackFinding } from './back.ts'
import { hasReachedAge } from './calendar.ts'
import type { FrontFinding } from './front.ts'
import { issuers } from './issuers.ts'
import type { MrzData, MrzFinding } from './mrz.ts'
import { agreementWith, type Print } from './print.ts'
import type { DocumentType, Problem, ReadDocument, Reading, Reason } from './reading.ts'

/** What holds for every document. */
export interface Rules {
  /** `YYYY-MM-DD`. */
  readonly today: string
  /** In years. */
  readonly minimumAge: number
}

/** Whether the two sides of a card are one card's, and what it says. */
export function judgeCard(
  type: DocumentType,
  { front, back }: { readonly front: FrontFinding; readonly back: BackFinding },
  rules: Rules,
): Reading {
  if (front.state === 'problem' || back.state === 'problem') {
    const problems: Problem[] = []
    if (front.state === 'problem') problems.push({ side: 'front', reason: front.reason })
    if (back.state === 'problem') problems.push({ side: 'back', reason: back.reason })
    return { state: 'refused', problems }
  }
  if (back.state === 'mrz') return judgeByMrz(type, { front, mrz: back.data }, rules)
  return judgeByBarcode(type, { front, card: back.data, mrz: back.mrz }, rules)
}

function judgeByBarcode(
  type: DocumentType,
  { front, card, mrz }: { front: Printed; card: CardData; mrz: MrzData | undefined },
  rules: Rules,
): Reading {
  if (card.issuer === 'foreign') return refused('both', 'wrong-type')
  if ((card.kind === 'id') !== (type === 'state-id')) return refused('both', 'wrong-type')
  const { firstName, lastName, dateOfBirth, number, expiresOn, address } = card
  if (!firstName || !lastName || !dateOfBirth || !number) return refused('back', 'incomplete')
  if (mrz && !sameHolder(mrz, { lastName, dateOfBirth })) return refused('back', 'mrz-invalid')
  if (!isFrontOf(front.print, { firstName, dateOfBirth, number })) return differing(front)
  const document: ReadDocument = {
    type,
    firstName,
    lastName,
    dateOfBirth,
    number,
    issuer: card.issuer,
    ...(expiresOn === undefined ? {} : { expiresOn }),
    ...(address === undefined ? {} : { address }),
  }
  return accept(document, rules, false)
}

/** Of the United States' cards with a zone, those that states issue. Others are passport cards, green cards, crew cards. */
const stateCardCodes: readonly string[] = ['I', 'ID']

/** The zone of a card names the country alone: the state is the one that the front names. */
function judgeByMrz(
  type: DocumentType,
  { front, mrz }: { front: Printed; mrz: MrzData },
  rules: Rules,
): Reading {
  if (!stateCardCodes.includes(mrz.code)) return refused('back', 'wrong-type')
  const issuer = issuerShown(front.print)
  if (issuer === undefined || mrz.issuer !== 'USA') return refused('back', 'barcode-unreadable')
  if (!isFrontOf(front.print, mrz)) return differing(front)
  const { firstName, lastName, dateOfBirth, number, expiresOn } = mrz
  return accept({ type, firstName, lastName, dateOfBirth, number, issuer, expiresOn }, rules, true)
}

/** The longest name that is there: Virginia stands in West Virginia, too. */
function issuerShown(print: Print): string | undefined {
  const shown = issuers().filter(({ name }) => agreementWith(print, name) >= enough.alone)
  return shown.sort((one, other) => other.name.length - one.name.length)[0]?.code
}

/** Whether a passport says all that it must. */
export function judgePassport(finding: MrzFinding, rules: Rules): Reading {
  if (finding.state === 'unreadable') return refused('front', 'mrz-unreadable')
  if (finding.state === 'invalid') return refused('front', 'mrz-invalid')
  if (finding.data.kind !== 'passport') return refused('front', 'wrong-type')
  const { firstName, lastName, dateOfBirth, number, issuer, expiresOn } = finding.data
  const document = {
    type: 'passport',
    firstName,
    lastName,
    dateOfBirth,
    number,
    issuer,
    expiresOn,
  } as const
  return accept(document, rules, false)
}

function accept(document: ReadDocument, { today, minimumAge }: Rules, toConfirm: boolean): Reading {
  const { expiresOn, dateOfBirth } = document
  if (expiresOn !== undefined && expiresOn < today) return refused('both', 'expired')
  if (!hasReachedAge(dateOfBirth, minimumAge, today)) return refused('both', 'under-age')
  return { state: 'read', document, toConfirm }
}

type Printed = Extract<FrontFinding, { state: 'printed' }>

/** The front may be another card's, or may only not be legible where it matters. */
function differing({ doubt }: Printed): Reading {
  return doubt === undefined ? refused('both', 'sides-differ') : refused('front', doubt)
}

interface Holder {
  readonly firstName: string
  readonly dateOfBirth: string
  readonly number: string
}

/**
 * How well a text must agree with the print. The number alone, if hardly a letter is in doubt; else two of those three
 * that a relative with the same name and address does not share. From `node infra/specimens/calibrate.ts`.
 */
export const enough = { alone: 0.95, together: 0.65 } as const

function isFrontOf(print: Print, { firstName, dateOfBirth, number }: Holder): boolean {
  const numberShown = agreementWith(print, number)
  if (number.length >= 6 && numberShown >= enough.alone) return true
  const [year = '', month = '', day = ''] = dateOfBirth.split('-')
  const birthShown = agreementWith(print, `${month}${day}${year}`)
  const shown = [numberShown, birthShown, agreementWith(print, firstName)]
  return shown.filter((value) => value >= enough.together).length >= 2
}

/** The zone shortens long names, and its document number need not be the license number. */
function sameHolder(
  mrz: MrzData,
  card: { readonly lastName: string; readonly dateOfBirth: string },
): boolean {
  const [one, other] = [lettersOf(mrz.lastName), lettersOf(card.lastName)]
  return mrz.dateOfBirth === card.dateOfBirth && (one.startsWith(other) || other.startsWith(one))
}

const lettersOf = (name: string): string => name.toUpperCase().replaceAll(/[^A-Z]/g, '')

function refused(side: Problem['side'], reason: Reason): Reading {
  return { state: 'refused', problems: [{ side, reason }] }
}
