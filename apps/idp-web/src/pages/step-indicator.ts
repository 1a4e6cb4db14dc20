import { type Html, html } from '../html.ts'
import type { Texts } from '../texts/index.ts'

/** The steps as a person sees them, in order. */
const allSteps = ['consent', 'document', 'details', 'check', 'phone', 'done'] as const
export type StepName = (typeof allSteps)[number]

interface Steps {
  readonly current: StepName
  /** Whether an ID document is asked for. */
  readonly documents: boolean
}

export function stepIndicator({ frame }: Texts, { current, documents }: Steps): Html {
  const { steps } = frame
  const stepNames = allSteps.filter((name) => documents || name !== 'document')
  const position = stepNames.indexOf(current)
  return html`<div class="usa-step-indicator" role="group" aria-label="${steps.label}">
          <ol class="usa-step-indicator__segments">
            ${stepNames.map((name, index) => segment(frame, name, index - position))}
          </ol>
          <p class="usa-step-indicator__heading">
            ${steps.step} ${position + 1} ${steps.of(stepNames.length)}<span class="usa-step-indicator__heading-text">: ${steps.names[current]}</span>
          </p>
        </div>`
}

/** @param distance Steps from the current one: below zero is completed, above is still to come. */
function segment({ steps }: Texts['frame'], name: StepName, distance: number): Html {
  if (distance === 0) {
    return html`<li class="usa-step-indicator__segment usa-step-indicator__segment--current" aria-current="step"><span class="usa-step-indicator__segment-label">${steps.names[name]}</span></li>`
  }
  const [modifier, state] =
    distance < 0
      ? [' usa-step-indicator__segment--complete', steps.completed]
      : ['', steps.notCompleted]
  return html`<li class="usa-step-indicator__segment${modifier}"><span class="usa-step-indicator__segment-label">${steps.names[name]} <span class="usa-sr-only">${state}</span></span></li>`
}
