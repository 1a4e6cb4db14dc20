import type { Card, Passport } from './card.ts'

/** The cards that the variations are made of. Nobody on them exists, and neither do the numbers. */

export const virginia: Card = {
  documentType: 'drivers-license',
  layout: 'photo-left',
  aamvaVersion: 10,
  issuerNumber: '636000',
  state: 'VA',
  stateName: 'VIRGINIA',
  number: 'T64235789',
  firstName: 'MARIA',
  middleName: 'QUINN',
  lastName: 'SAMPLE',
  address1: '2300 WEST BROAD STREET',
  city: 'RICHMOND',
  zipCode: '23269',
  dateOfBirth: '1986-06-06',
  issuedOn: '2025-06-06',
  expiresOn: '2038-12-10',
  sex: 'F',
  enhanced: false,
}

export const ohioId: Card = {
  documentType: 'state-id',
  layout: 'portrait-band',
  aamvaVersion: 8,
  issuerNumber: '636023',
  state: 'OH',
  stateName: 'OHIO',
  number: 'SX730164',
  firstName: 'DESMOND',
  middleName: 'LEE',
  lastName: 'HOLLOWAY',
  address1: '41 ORCHARD LANE',
  address2: 'APT 7',
  city: 'DAYTON',
  zipCode: '45402-1187',
  dateOfBirth: '1959-11-23',
  issuedOn: '2024-02-14',
  expiresOn: '2037-11-23',
  sex: 'M',
  enhanced: false,
}

const { expiresOn: _, ...ohioIdWithoutEnd } = ohioId
/** For life, as some states issue them to older people. */
export const ohioIdForLife: Card = ohioIdWithoutEnd

export const texas: Card = {
  documentType: 'drivers-license',
  layout: 'photo-right',
  aamvaVersion: 3,
  issuerNumber: '636015',
  state: 'TX',
  stateName: 'TEXAS',
  number: '38174065',
  firstName: 'PRIYA',
  middleName: 'ANNE',
  lastName: 'RAMASWAMY',
  address1: '907 LIVE OAK DRIVE',
  city: 'AUSTIN',
  zipCode: '78701',
  dateOfBirth: '1994-02-28',
  issuedOn: '2023-03-01',
  expiresOn: '2036-02-28',
  sex: 'F',
  enhanced: false,
}

export const colorado: Card = {
  documentType: 'drivers-license',
  layout: 'portrait-band',
  aamvaVersion: 1,
  issuerNumber: '636020',
  state: 'CO',
  stateName: 'COLORADO',
  number: '922046135',
  firstName: 'WALTER',
  middleName: 'J',
  lastName: 'BIRCHFIELD',
  address1: '15 COLUMBINE COURT',
  city: 'BOULDER',
  zipCode: '80302',
  dateOfBirth: '1947-09-15',
  issuedOn: '2022-09-15',
  expiresOn: '2035-09-15',
  sex: 'M',
  enhanced: false,
}

export const washington: Card = {
  documentType: 'drivers-license',
  layout: 'photo-right',
  aamvaVersion: 9,
  issuerNumber: '636045',
  state: 'WA',
  stateName: 'WASHINGTON',
  number: 'WDL83K4P2',
  firstName: 'INGRID',
  middleName: 'MAE',
  lastName: 'OKAFOR',
  address1: '620 CEDAR AVENUE NORTH',
  city: 'TACOMA',
  zipCode: '98402',
  dateOfBirth: '1979-04-17',
  issuedOn: '2024-04-17',
  expiresOn: '2036-04-17',
  sex: 'F',
  enhanced: true,
}

export const passport: Passport = {
  number: 'X84120375',
  country: 'USA',
  firstName: 'HELENA MARIE',
  lastName: 'VANDERBROOK',
  dateOfBirth: '1990-08-12',
  issuedOn: '2025-01-20',
  expiresOn: '2035-01-19',
  sex: 'F',
}
