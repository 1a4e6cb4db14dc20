import {
  addresses,
  credentials,
  inOrder,
  noInterop,
  noPoll,
  notUsed,
  profiles,
  type Row,
  schemas,
} from './row.ts'

/** RISC 1.0 and CAEP 1.0, and what is not claimed. */
export const events: readonly Row[] = [
  {
    id: 'RISC-1',
    section: 'RISC 2.5',
    asks: 'identifier-changed is about the old address',
    proofs: [addresses],
  },
  {
    id: 'RISC-2',
    section: 'RISC 2.5',
    asks: 'only the authority over an address says that it changed',
    because:
      'We are none, and say so only to partners that have asked for it (email_events) and were told the address by us; everybody else hears recovery-information-changed.',
  },
  {
    id: 'RISC-3',
    section: 'RISC 2.6',
    asks: 'identifier-recycled is about an address',
    proofs: [schemas, profiles],
  },
  {
    id: 'RISC-4',
    section: 'RISC 2.7',
    asks: 'compromised credentials have a type',
    because: notUsed('credential-compromise'),
  },
  { id: 'RISC-5', section: 'RISC 2.11', asks: 'sessions-revoked is not sent', proofs: [inOrder] },
  { id: 'RISC-6', section: 'RISC 3.1', asks: 'no subject_type', proofs: [schemas] },
  {
    id: 'RISC-7',
    section: 'RISC 2.8',
    asks: 'people can opt out, with a delay',
    because:
      'Whoever disconnects a service in their account is not spoken of to it any more, at once: there is no state in between.',
  },
  {
    id: 'CAEP-1',
    section: 'CAEP 2',
    asks: 'initiating_entity is one of four',
    because: notUsed('initiating_entity'),
  },
  {
    id: 'CAEP-2',
    section: 'CAEP 2',
    asks: 'reasons have languages',
    because: notUsed('A reason in words'),
  },
  {
    id: 'CAEP-3',
    section: 'CAEP 3',
    asks: 'event_timestamp is when it happened',
    proofs: [credentials],
  },
  {
    id: 'CAEP-4',
    section: 'CAEP 3.3.1',
    asks: 'a changed credential has a type and a change',
    proofs: [credentials],
  },
  {
    id: 'CAEP-5',
    section: 'CAEP 3.4.1',
    asks: 'a changed assurance has a namespace and a level',
    proofs: [credentials],
  },
  {
    id: 'CAEP-6',
    section: 'CAEP 3.2.1',
    asks: 'changed claims are named',
    because: notUsed('token-claims-change'),
  },
]

export const notClaimed: readonly Row[] = [
  ...(
    [
      ['IOP-1', '2.1', 'TLS 1.2 both ways'],
      ['IOP-2', '2.3', 'metadata of the whole API'],
      ['IOP-3', '2.3.8', 'streams by push and poll'],
      ['IOP-4', '2.5', 'subjects by e-mail or iss_sub'],
      ['IOP-5', '2.6', 'RS256 with 2048 bits'],
      ['IOP-6', '2.7', 'OAuth for the API'],
      ['IOP-7', '2.8.1', 'one event in a token'],
      ['IOP-8', '3.1, 3.2', 'reasons for administrators'],
    ] as const
  ).map(([id, section, asks]) => ({
    id,
    section: `CAEP Interop ${section}`,
    asks,
    because: noInterop,
  })),
  ...(
    [
      ['POL-1', '2.3', 'no tokens are an empty object'],
      ['POL-2', '2.5', 'a poll waits'],
      ['POL-3', '2.2', 'no more than asked for'],
      ['POL-4', '2.5.1', 'a bad poll is 400'],
      ['POL-5', '3, 4.3', 'polls say how to authenticate'],
    ] as const
  ).map(([id, section, asks]) => ({ id, section: `RFC 8936 ${section}`, asks, because: noPoll })),
]
