/** Choosing an ID document and taking its photos. */
const choose = {
  title: 'Choose your ID',
  lead: 'Which ID do you want to use? Have it with you. Next, you take photos of it.',
  legend: 'Your ID',
  types: {
    'drivers-license': {
      name: 'Driver’s license',
      text: 'From a U.S. state or territory. We need photos of the front and the back.',
    },
    'state-id': {
      name: 'State ID card',
      text: 'From a U.S. state or territory. We need photos of the front and the back.',
    },
    passport: {
      name: 'Passport book',
      text: 'We need one photo of the page with your picture.',
    },
  },
  usesTitle: 'What happens to your photos',
  uses: 'We lock your photos with a new key before we store them. Once your ID has been read, we delete the photos.',
  noneTitle: 'You have none of these?',
  none: 'See other ways to prove who you are',
}

const photos = {
  titles: {
    'drivers-license': 'Photos of your driver’s license',
    'state-id': 'Photos of your state ID card',
    passport: 'Photo of your passport',
  },
  lead: 'Use your phone or your computer. The photos must be sharp enough to read every word.',
  tipsTitle: 'How to take a good photo',
  tips: [
    'Put the ID on a dark table that is not shiny.',
    'Use plenty of light, but no flash.',
    'Fill the picture with the ID. All four corners must be in it.',
  ],
  sides: {
    front: { title: 'Front', why: 'The side with your picture.' },
    back: { title: 'Back', why: 'The side with the bar code.' },
    page: {
      title: 'Page with your picture',
      why: 'The two lines of letters and < signs at the bottom must be in the photo.',
    },
  },
  file: 'Photo file',
  fileHint: 'JPEG or PNG, up to 15 MB.',
  fixtureHint: 'This is a sandbox: a YAML file that says what the ID reader finds will do as well.',
  camera: 'Use this device’s camera',
  anyway: 'Use this photo anyway',
  resend: 'Try to send it again',
  direct: 'Send it with the form',
  preview: (side: string) => `Your photo: ${side}`,
  progress: 'Sent so far',
  refusedTitle: 'What was wrong with the last photos',
  errors: {
    missing: 'Choose or take a photo of this side',
    'wrong-file': 'Choose a photo that is a JPEG or PNG file',
    'too-large': 'Choose a photo of at most 15 MB',
    damaged: 'Choose another photo. We could not open this one.',
    'not-sent': 'Choose the photo again. It did not reach us.',
    again: 'Choose this photo again as well. We do not keep one photo without the other.',
  },
  busy: {
    title: 'We cannot take your photos right now',
    text: 'We can take only so many photos at a time, and there is no room for yours at this moment. It is not your fault. Wait a minute, then choose your photos again.',
    back: 'Go back to your photos',
  },
  send: 'Send the photos',
  sendOne: 'Send the photo',
  otherId: 'Use another ID',
  lens: {
    title: 'Take a photo',
    view: 'What your camera sees',
    take: 'Take the photo',
    close: 'Close the camera',
  },
  /** For the script of the page; what stands in braces is put in there. */
  script: {
    cancel: 'Cancel',
    again: 'Take or choose another photo',
    looking: 'Looking at your photo.',
    sending: 'Sending your photo.',
    percent: '{percent} percent',
    offline: 'The connection was lost. We keep your photo here and try again by ourselves.',
    failed:
      'We could not send your photo ahead. Check your connection and try again. If this does not help, send it with the form.',
    direct: 'Your photo goes with the form. This can take a little longer.',
    full: 'We cannot take more photos right now. Wait a few minutes, then load this page again.',
    ready: 'Your photo is with us.',
    cancelled: 'Stopped. The photo was taken away.',
    doubts: 'This photo may not work.',
    doubtsEnd: 'It is best to take another one.',
    hints: {
      'too-small': 'It is too small. Choose the full-size photo, or use a better camera.',
      blurred: 'It is blurred. Hold still and let the camera focus.',
      'too-dark': 'It is too dark. Find more light.',
      glare: 'Light shines on it. Tilt the ID a little, or move away from the lamp.',
    },
    refusals: {
      'wrong-file': 'This is not a photo we can use. Choose a JPEG or PNG file.',
      'too-large': 'This file is too large. Choose a photo of at most 15 MB.',
      damaged: 'We could not open this photo. Choose another one.',
    },
    waiting: 'Still sending: {sides}. We go on as soon as it is done.',
    submitting: 'Going on now. Please wait.',
    missing: 'Before you go on, add a photo here.',
    lens: {
      title: 'Take a photo: {side}',
      starting: 'Starting the camera.',
      started: 'The camera is on. Fill the frame with your ID.',
      blocked:
        'Your browser does not let us use the camera. Allow it in the settings of the browser, or choose a photo.',
      failed: 'The camera did not start. Try again, or choose a photo.',
      none: 'We found no camera on this device. Choose a photo.',
      enough:
        'The camera does not work well here. Take the photo with your phone’s own camera, then choose it.',
      live: {
        'too-small': 'This camera shows too little. Choose a photo instead.',
        blurred: 'Hold still.',
        'too-dark': 'Too dark. Find more light.',
        glare: 'Too much glare. Tilt the ID a little.',
      },
    },
  },
}

/** What the script of the capture page says. */
export type CaptureWords = typeof photos.script

export const documentCapture = { choose, photos }
