import type { AamvaVersion } from './aamva.ts'

/** What a made-up card says. Names and street are as they are printed: in capital letters. */
export interface Card {
  readonly documentType: 'drivers-license' | 'state-id'
  readonly layout: LayoutName
  readonly aamvaVersion: AamvaVersion
  /** The issuing agency's number at AAMVA. */
  readonly issuerNumber: string
  readonly state: string
  readonly stateName: string
  readonly number: string
  readonly firstName: string
  readonly middleName: string
  readonly lastName: string
  readonly address1: string
  readonly address2?: string
  readonly city: string
  readonly zipCode: string
  /** Dates are `YYYY-MM-DD`. */
  readonly dateOfBirth: string
  readonly issuedOn: string
  /** A card for life has none. */
  readonly expiresOn?: string
  readonly sex: 'F' | 'M' | 'X'
  /** A machine-readable zone on the back, as enhanced driver's licenses have. */
  readonly enhanced: boolean
  /** Whose the zone is, if not the card's. */
  readonly zoneOf?: Card
  /** What the zone says that the card is, if not a state's card: `IP` is a passport card. */
  readonly zoneCode?: 'IP'
  /** A flaw in what the barcode says, or that there is none. */
  readonly flaw?: 'no-birth-date' | 'not-a-card' | 'impossible-date' | 'no-barcode'
}

export type LayoutName = 'photo-left' | 'photo-right' | 'portrait-band'

export interface Passport {
  readonly number: string
  readonly country: string
  readonly firstName: string
  readonly lastName: string
  readonly dateOfBirth: string
  readonly issuedOn: string
  readonly expiresOn: string
  readonly sex: 'F' | 'M' | 'X'
  /** The last check digit is wrong. */
  readonly forged?: boolean
}
