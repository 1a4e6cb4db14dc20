import type { DocumentReason, DocumentType } from '@anteroom/job-contracts'

/** What was read from an ID document, and why one was not accepted. */
export const documentRead = {
  asRead: {
    title: 'Check what we read',
    text: 'We could read your ID. Please check that we read it right.',
  },
  toConfirm: {
    title: 'Check closely what we read',
    text: 'We could not read the bar code on your ID, but we could read the rest. Please compare each line with your ID.',
  },
  listTitle: 'This is what your ID says',
  names: {
    name: 'Name',
    birth: 'Date of birth',
    issuer: 'Issued by',
    expires: 'Good until',
    address: 'Home address',
  },
  numbers: {
    'drivers-license': 'License number',
    'state-id': 'ID number',
    passport: 'Passport number',
  } satisfies Record<DocumentType, string>,
  unitedStates: 'United States',
  addressNote: 'Have you moved? You can change the address on the next page.',
  noAddressNote: 'We read no address. You can add it on the next page.',
  question: 'Is all of this right?',
  yes: 'Yes, go on',
  no: 'No, take new photos',
  otherDocument: 'Use another ID',

  refused: {
    title: 'We could not use your photos',
    text: 'Your ID was not accepted this time. Here is why, and what you can do.',
    sides: { both: 'Both photos', front: 'Photo of the front', back: 'Photo of the back' },
    photosAgain: 'Take new photos',
    otherDocument: 'Use another ID',
    reasons: {
      missing: {
        what: 'We do not have this photo.',
        todo: 'It did not reach us, or we have already deleted it. Take it again.',
      },
      damaged: {
        what: 'The photo did not open.',
        todo: 'It may have been cut short on its way. Take it again.',
      },
      'wrong-file': {
        what: 'This file is not a photo that we can read.',
        todo: 'Send a photo as a JPEG or PNG file.',
      },
      'too-large': {
        what: 'The photo is too large.',
        todo: 'Send a photo of at most 15 MB and 40 million pixels.',
      },
      animated: {
        what: 'The picture moves.',
        todo: 'Send a still photo.',
      },
      'same-image': {
        what: 'This is the same photo as before.',
        todo: 'We could not use it then. Take a new one.',
      },
      'too-small': {
        what: 'The photo is too small.',
        todo: 'Move closer, so that your ID fills the photo.',
      },
      blurred: {
        what: 'The photo is blurred.',
        todo: 'Put your ID on a table, hold still, and let the camera focus.',
      },
      'too-dark': {
        what: 'The photo is too dark.',
        todo: 'Go where there is more light.',
      },
      glare: {
        what: 'Light shines on your ID.',
        todo: 'Turn the flash off and tilt your ID until the bright spot is gone.',
      },
      cropped: {
        what: 'Part of your ID is not in the photo.',
        todo: 'Make sure that all four corners can be seen.',
      },
      'not-a-document': {
        what: 'We did not find an ID in this photo.',
        todo: 'Put your ID on a dark, plain table and fill the photo with it.',
      },
      'wrong-side': {
        what: 'This is the wrong side.',
        todo: 'Take the front for the front and the back for the back.',
      },
      'wrong-type': {
        what: 'This is not the kind of ID that you chose, or it is not from a U.S. state or territory.',
        todo: 'Choose the kind that you have, then take the photos again. If your ID is from somewhere else, use another way.',
      },
      'barcode-unreadable': {
        what: 'We could not read the bar code.',
        todo: 'Wipe the back of your ID, hold the camera straight above it, and keep all of the bar code in the photo.',
      },
      'barcode-invalid': {
        what: 'The bar code does not say what it should.',
        todo: 'Take the photo again. If this does not help, use another ID.',
      },
      'mrz-unreadable': {
        what: 'We could not read the lines of letters and < signs.',
        todo: 'Lay the page flat and keep both lines in the photo.',
      },
      'mrz-invalid': {
        what: 'The lines of letters and < signs do not fit together.',
        todo: 'Take the photo again. If this does not help, use another ID.',
      },
      'sides-differ': {
        what: 'The two photos do not belong to the same ID.',
        todo: 'Take both sides of one ID.',
      },
      expired: {
        what: 'Your ID has expired.',
        todo: 'Use one that is still good.',
      },
      'under-age': {
        what: 'You are too young to use this service with this ID.',
        todo: 'If you are not, check that you sent the photos of your own ID.',
      },
      incomplete: {
        what: 'Your ID does not say all that we need.',
        todo: 'Use another ID.',
      },
    } satisfies Record<DocumentReason, { what: string; todo: string }>,
    /** Where a passport was chosen. */
    notPassport: {
      what: 'This is not the page of a passport book with your picture.',
      todo: 'Take a photo of that page, or choose the kind of ID that you have.',
    },
    /** The same photo for both sides. */
    oneForBoth: {
      what: 'You sent one photo for both sides.',
      todo: 'Take one of the front and one of the back.',
    },
  },

  photosStillHere:
    'Your photos are still here for a few minutes. You do not need to take new ones.',
  photosGone: 'Your photos are no longer here. If you want to go on, take new ones.',
  /** No answer about the photos. */
  failures: {
    timedOut: {
      title: 'Reading your ID took too long',
      text: (seconds: number) =>
        `We wait at most ${seconds} seconds, so we stopped. It is not your fault. Trying again often works.`,
    },
    trouble: {
      title: 'We cannot read IDs right now',
      text: 'It is not your fault, and your photos may well be good. The service that reads IDs gave no answer. Wait a few minutes, then try again.',
    },
    internal: {
      title: 'Something went wrong on our side',
      text: 'We could not read your ID. It is not your fault. We have made a record of the error.',
    },
    cancelled: {
      title: 'You stopped the check',
      text: 'Nobody has looked at your photos.',
    },
    stoppedLate: {
      title: 'You stopped the check',
      text: 'Your photos were being read already, so this may count as a try. We delete them. If you want to go on, take new ones.',
    },
    expiredUnread: {
      title: 'The answer about your ID is no longer here',
      text: (seconds: number) =>
        `We looked at your ID, but nobody opened the answer. To keep you safe, we delete it after ${seconds} seconds, and the photos as well. Take new photos and keep the page open.`,
    },
    rejected: {
      title: 'We could not use your photos',
      text: 'The service that reads IDs did not take these photos. Take new ones, or use another ID.',
    },
  },

  /** On the pages after it, where some answers come from the ID. */
  fromDocument: {
    detailsTitle: 'A few more details',
    detailsLead: 'We took what we could from your ID. Please add the rest.',
    title: 'From your ID',
    notRight: 'This is not right',
    checkLead: 'Is everything right? A small mistake can make the check fail.',
    addressWhy:
      'We took it from your ID. If you live somewhere else now, change it. We then check the address that you typed.',
    addressWhyMissing:
      'We check that the records have you at this address. Use the place where you live, not a P.O. box.',
    stateIdWhy: 'If you have one, it helps us to find you. If not, leave both fields empty.',
    read: 'From your ID',
    typed: 'Typed by you. It is not the address on your ID.',
    typedHere: 'Typed by you',
  },
}
