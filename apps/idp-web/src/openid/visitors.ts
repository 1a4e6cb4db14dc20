import type { Session, SignIn } from '../session/session.ts'

/** Who sends a request that is handed to the provider. */
export interface Visitor {
  readonly session: Session | undefined
  /** Undefined if nobody is signed in, or not any more. */
  readonly signIn: SignIn | undefined
}

const visitors = new WeakMap<object, Visitor>()

export function nameVisitor(request: object, visitor: Visitor): void {
  visitors.set(request, visitor)
}

export function visitorOf(request: object): Visitor {
  return visitors.get(request) ?? { session: undefined, signIn: undefined }
}
