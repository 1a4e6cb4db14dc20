import { states } from './states.ts'

/** The form for a person's details. */
export const details = {
  title: 'Your details',
  lead: 'Write everything as it is on your driver’s license or state ID.',
  groups: {
    name: { title: 'Your name', why: 'We look for you by this name.' },
    birth: {
      title: 'Date of birth',
      why: 'It helps us tell you from others with the same name. For example: April 28 1986',
    },
    address: {
      title: 'Home address',
      why: 'We check that the records have you at this address. Use the place where you live, not a P.O. box.',
    },
    stateId: {
      title: 'Driver’s license or state ID',
      why: 'We ask the office that issued it if the number is yours.',
    },
    ssn: {
      title: 'Social Security number',
      why: 'It is the surest way to find the right record. It is hidden while you type.',
    },
  },
  labels: {
    firstName: 'First name',
    lastName: 'Last name',
    birthMonth: 'Month',
    birthDay: 'Day',
    birthYear: 'Year',
    address1: 'Street address',
    address2: 'Apartment, suite or unit',
    city: 'City',
    state: 'State or territory',
    zipCode: 'ZIP code',
    stateIdJurisdiction: 'State that issued it',
    stateIdNumber: 'License or ID number',
    ssn: 'Social Security number',
  },
  hints: {
    zipCode: 'For example: 12345 or 12345-6789',
    stateIdNumber: 'Letters and digits. Spaces and dashes do not matter.',
    ssn: '9 digits. For example: 900-12-3456',
  },
  ssnShow: 'Show number',
  ssnHide: 'Hide number',
  errors: {
    firstName: {
      missing: 'Enter your first name',
      invalid: 'Enter a first name of at most 60 letters',
    },
    lastName: {
      missing: 'Enter your last name',
      invalid: 'Enter a last name of at most 60 letters',
    },
    birthMonth: {
      missing: 'Select the month you were born',
      invalid: 'Select a month from the list',
    },
    birthDay: {
      missing: 'Enter the day you were born',
      invalid: 'Enter a day that is in that month, such as 28',
    },
    birthYear: {
      missing: 'Enter the year you were born',
      invalid: 'Enter a year with 4 digits, such as 1986',
      inFuture: 'Your date of birth must be in the past',
      tooYoung: 'You must be at least 13 years old to use this service',
      tooOld: 'Check the year you were born',
    },
    address1: {
      missing: 'Enter your street address',
      invalid: 'Enter a street address of at most 100 letters and digits',
    },
    address2: {
      invalid: 'Enter an apartment, suite or unit of at most 100 letters and digits',
    },
    city: { missing: 'Enter your city', invalid: 'Enter a city of at most 60 letters' },
    state: { missing: 'Select your state or territory', invalid: 'Select a state from the list' },
    zipCode: {
      missing: 'Enter your ZIP code',
      invalid: 'Enter a ZIP code with 5 or 9 digits, such as 12345',
    },
    stateIdJurisdiction: {
      missing: 'Select the state that issued your license or ID',
      invalid: 'Select the state that issued your license or ID from the list',
    },
    stateIdNumber: {
      missing: 'Enter your license or ID number',
      invalid: 'Enter a license or ID number with at most 25 letters and digits',
    },
    ssn: {
      missing: 'Enter your Social Security number',
      invalid: 'Enter a Social Security number with 9 digits, such as 900-12-3456',
    },
  },
  states,
  next: 'Continue',
}

/** The page on which a person looks over what they typed. */
export const check = {
  title: 'Check your answers',
  lead: 'Is everything as it is on your card? A small mistake can make the check fail.',
  names: {
    name: 'Name',
    birth: 'Date of birth',
    address: 'Home address',
    stateId: 'License or state ID',
    ssn: 'Social Security number',
  },
  change: 'Change',
  ssnEnding: (digits: string) => `Hidden, ends in ${digits}`,
  ssnReveal: 'Show the whole number',
  nextTitle: 'What happens next',
  next: 'When you select “Send and check”, we ask the record keepers. This takes at most a minute.',
  send: 'Send and check',
}

export const phone = {
  title: 'Your phone number',
  lead: 'Use a number in your own name. We ask a company that keeps phone records if it belongs to you at your address.',
  label: 'Phone number',
  hint: '10 digits. For example: 703-555-0123',
  noCall: 'We will not call or text this number.',
  errors: {
    phone: {
      missing: 'Enter your phone number',
      invalid: 'Enter a U.S. phone number with 10 digits, such as 703-555-0123',
    },
  },
  send: 'Send and check',
}
