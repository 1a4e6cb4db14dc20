import type { Fixture } from './fixture.ts'

/** The members of a reply's `document`. */
export type SaidDocument = Readonly<Record<string, string | undefined>>

export type DocumentType = 'drivers-license' | 'state-id' | 'passport'

/** Stands on every photo that is no fixture. */
const somebody = {
  first_name: 'Fakey',
  last_name: 'McFakerson',
  dob: '1938-10-06',
  address1: '1 Fake Road',
  address2: undefined,
  city: 'Great Falls',
  state: 'MT',
  zipcode: '59010',
  state_id_jurisdiction: 'ND',
  state_id_number: '1111111111111',
  state_id_expiration: '2099-12-31',
} as const

const somebodysPassport = {
  first_name: somebody.first_name,
  last_name: somebody.last_name,
  dob: somebody.dob,
  document_number: '000000001',
  issuing_country_code: 'USA',
  passport_expiration: '2099-12-31',
} as const

/** What the vendor reads: the sandbox's person, changed by what the fixture says. An empty member is one that it cannot read. */
export function documentOf(type: DocumentType, said: Fixture['document']): SaidDocument {
  const shown = typeOf(said) ?? type
  const fields = { ...(shown === 'passport' ? somebodysPassport : somebody), ...said }
  return shown === 'passport' ? passportOf(fields) : cardOf(shown, fields)
}

type Fields = Readonly<Record<string, string | undefined>>

function cardOf(type: DocumentType, fields: Fields): SaidDocument {
  return {
    ...personOf(type, fields),
    number: said(fields.state_id_number),
    issuer: said(fields.state_id_jurisdiction),
    expires_on: toIsoDate(fields.state_id_expiration),
    address1: said(fields.address1),
    address2: said(fields.address2),
    city: said(fields.city),
    state: said(fields.state),
    zip_code: said(fields.zipcode),
  }
}

function passportOf(fields: Fields): SaidDocument {
  return {
    ...personOf('passport', fields),
    number: said(fields.document_number),
    issuer: said(fields.issuing_country_code),
    expires_on: toIsoDate(fields.passport_expiration),
  }
}

function personOf(type: DocumentType, fields: Fields): SaidDocument {
  return {
    type,
    first_name: said(fields.first_name),
    last_name: said(fields.last_name),
    date_of_birth: toIsoDate(fields.dob),
  }
}

function typeOf(fields: Fixture['document']): DocumentType | undefined {
  switch (fields?.id_doc_type ?? fields?.state_id_type) {
    case 'drivers_license':
      return 'drivers-license'
    case 'state_id':
    case 'state_id_card':
    case 'identification_card':
      return 'state-id'
    case 'passport':
      return 'passport'
    default:
      return undefined
  }
}

const said = (text: string | undefined) => (text?.trim() ? text.trim() : undefined)

/** `10/06/1938` as well as `1938-10-06`. */
function toIsoDate(text: string | undefined): string | undefined {
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text ?? '')
  if (!american) return /^\d{4}-\d{2}-\d{2}$/.test(text ?? '') ? text : undefined
  const [, month = '', day = '', year = ''] = american
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}
